"""Solvers of Stackelberg games with linear and quadratic followers, one algorithm a file."""
