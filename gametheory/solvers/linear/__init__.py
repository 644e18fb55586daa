"""Solvers of linear-programming games, one algorithm a file."""
