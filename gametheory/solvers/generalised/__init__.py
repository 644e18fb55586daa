"""Solvers of generalised games, one algorithm a file."""
