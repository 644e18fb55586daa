"""Solvers of auction games: storage owners who choose how much to offer."""
