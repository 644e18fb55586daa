"""Solvers of traders who pool their positions, one algorithm a file."""
