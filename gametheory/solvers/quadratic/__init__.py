"""Solvers of quadratic games, one algorithm a file."""
