"""Coalitions of games too large for a table, found one at a time: core, least core and nucleolus by separation.

The cost of a coalition is bounded from below by *shares*: any feasible multipliers ``y`` of the coalition's programme
give every player a number ``s_i(y)`` with ``C(T) >= sum_{i in T} s_i(y)`` for all ``T``. A set of such share vectors is
all that the search for the worst coalition, and the proof that there is no worse one, need of the game.
"""
