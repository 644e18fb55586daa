"""Solvers of splittable congestion games in arrays, one algorithm a file."""
