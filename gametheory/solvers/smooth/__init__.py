"""Solvers of games whose payoffs are formulas: in floats, then polished to rationals of many correct digits."""
