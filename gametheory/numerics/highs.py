"""HiGHS without a word on the terminal."""

from __future__ import annotations

from typing import Any

__all__ = ["silent_highs"]


def silent_highs() -> Any:
    """Return a HiGHS simplex solver that prints nothing.

    ``highspy.Highs()`` writes a banner to standard output as soon as it is made, before any option can forbid it; the
    class that it extends does not, and has all that is needed to pass a model and read a basis.
    """
    import highspy

    base: Any = highspy.Highs.__base__
    solver = base()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    return solver
