"""Solvers of large quadratic games in arrays, one algorithm a file."""
