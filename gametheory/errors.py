"""Everything that can go wrong, by name.

::

    GameTheoryError
    |-- InputError (also ValueError)      bad input: value, reason, repair; `.problems` lists them all
    |   |-- Infeasible                    well formed, but no feasible point exists
    |   |-- Unbounded                     well formed, but the objective has no bound
    |   |-- NotApplicable                 a rule meets data it is not defined for (it names the step)
    |   |-- UnsupportedGame               this solver does not take this game; the message names one that does
    |   `-- SizeLimit                     over the limit of a method; the message names a method that scales
    |-- NotRational (also ArithmeticError)  an exact claim would need an irrational number
    |-- NoChecker (also TypeError)        no certificate exists for this game and concept
    `-- MissingExtra (also ImportError)   an optional dependency is absent; the message gives the pip line
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "GameTheoryError",
    "Infeasible",
    "InputError",
    "MissingExtra",
    "NoChecker",
    "NotApplicable",
    "NotRational",
    "SizeLimit",
    "Unbounded",
    "UnsupportedGame",
]


class GameTheoryError(Exception):
    """The root: ``except gametheory.errors.GameTheoryError`` catches all that this package raises on purpose."""


class InputError(GameTheoryError, ValueError):
    """Bad input, refused at the door.

    Parameters
    ----------
    *problems
        One sentence for each problem found: the value, the reason and the repair.

    Examples
    --------
    >>> InputError("load has 47 steps; give 48", "pv is negative at step 3").problems
    ('load has 47 steps; give 48', 'pv is negative at step 3')
    """

    def __init__(self, *problems: str) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join(problems))

    @classmethod
    def raise_all(cls, problems: Sequence[str]) -> None:
        """Raise one error that carries all the problems, or return if there are none."""
        if problems:
            raise cls(*problems)


class Infeasible(InputError):
    """Well-formed input without a feasible point."""


class Unbounded(InputError):
    """Well-formed input whose objective has no bound."""


class NotApplicable(InputError):
    """A rule meets data it is not defined for, for example a price rule that needs a positive feed-in price."""


class UnsupportedGame(InputError):
    """A solver was given a game of a form it does not take."""


class SizeLimit(InputError):
    """A method was asked for more than it can do; the message names one that scales."""


class NotRational(GameTheoryError, ArithmeticError):
    """An exact claim would need a number that is not rational (a logarithm, a square root)."""


class NoChecker(GameTheoryError, TypeError):
    """There is no certificate for this game and this concept."""


class MissingExtra(GameTheoryError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed; "
            f"install it with: pip install 'gametheory[{extra}]'"
        )
