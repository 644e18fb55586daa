"""Solvers of finite games in normal form, one algorithm a file."""
