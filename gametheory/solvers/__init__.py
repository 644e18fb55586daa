"""Algorithms, one a file, in a folder for each game form. Each is a frozen dataclass with ``solve(game) -> Answer``."""
