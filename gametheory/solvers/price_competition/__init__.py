"""Solvers of price competition with capacities."""
