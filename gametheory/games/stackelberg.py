"""Stackelberg games: a leader decides, followers answer with their best; quadratic objectives, linear constraints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError
from gametheory.games.base import blocks_of
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm

__all__ = ["Objective", "StackelbergGame", "Term"]

#: ``1`` for the constant, a name for a linear term, a pair of names for their product.
Term = Any
#: Term -> coefficient.
Objective = Mapping[Term, Number]


@dataclass(frozen=True, slots=True)
class StackelbergGame:
    """The first player commits to ``x``; the others answer with a Nash equilibrium ``y`` of what is then left.

    Player ``i`` minimises (or maximises) a quadratic form of the joint decision ``z = (x, y_1, y_2, ...)`` over its own
    block, under bounds on its own variables and linear constraints that may speak of all variables. A follower's
    problem must be convex in its own block to be solved. The leader's constraints may speak of the replies; followers
    do not see them: a decision whose replies break them is not feasible.

    Attributes
    ----------
    players
        Names; the first one leads.
    variables
        The names of each player's variables, all different.
    objectives
        One quadratic form a player, over ``z``.
    constraints
        One polyhedron a player, over ``z``, with bounds on its own variables only.
    sense
        ``"cost"`` (minimised, the default) or ``"payoff"`` (maximised), for all players.
    integers
        The leader's variables that must be whole numbers, by name; each needs both bounds.

    Raises
    ------
    InputError
        No follower, repeated names, numbers that do not match, a bound on somebody else's variable, a whole number that
        is not the leader's or has no bounds.

    Examples
    --------
    A seller posts a price between 0 and 10; the buyer takes up to 3 kWh, worth 6 each:

    >>> game = StackelbergGame.from_terms(
    ...     leader=("seller", {"price": (0, 10)}, {("price", "energy"): 1, "energy": -2}),
    ...     followers=[("buyer", {"energy": (0, 3)}, {"energy": 6, ("price", "energy"): -1})],
    ...     sense="payoff",
    ... )
    >>> game.names, game.values((6, 3))
    (('price', 'energy'), (Fraction(12, 1), Fraction(0, 1)))
    """

    players: tuple[str, ...]
    variables: tuple[tuple[str, ...], ...]
    objectives: tuple[QuadraticForm, ...]
    constraints: tuple[Polyhedron, ...]
    sense: str = "cost"
    integers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("players", "objectives", "constraints"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "variables", tuple(tuple(map(str, own)) for own in self.variables))
        object.__setattr__(self, "integers", tuple(dict.fromkeys(map(str, self.integers))))
        problems = []
        if len(self.players) < 2:
            problems.append(f"players {self.players}: give a leader and at least one follower")
        if len(set(self.players)) != len(self.players):
            problems.append(f"player names {self.players} repeat; give each player its own name")
        if not len(self.players) == len(self.variables) == len(self.objectives) == len(self.constraints):
            problems.append(
                f"{len(self.players)} players, {len(self.variables)} sets of variables, {len(self.objectives)} "
                f"objectives, {len(self.constraints)} sets of constraints; give one a player"
            )
        if self.sense not in ("cost", "payoff"):
            problems.append(f"sense {self.sense!r} is neither 'cost' nor 'payoff'")
        InputError.raise_all(problems)
        names = self.names
        if not all(self.variables):
            problems.append(f"player {self.players[self.variables.index(())]!r} decides nothing; give it a variable")
        if len(set(names)) != len(names):
            problems.append(f"variable names {names} repeat; give each variable its own name")
        for player, block, form, own in zip(self.players, self.blocks, self.objectives, self.constraints, strict=True):
            if form.reach > len(names):
                problems.append(f"{player!r}: the objective speaks of variable {form.reach - 1} of {len(names)}")
            if own.variables != names:
                problems.append(f"{player!r}: the constraints are over {own.variables}, not over {names}")
                continue
            for k, (low, high) in enumerate(zip(own.lower, own.upper, strict=True)):
                if k not in block and (low is not None or high is not None):
                    problems.append(f"{player!r} bounds {names[k]!r}, which it does not decide; give a constraint")
        problems += self._broken_integers()
        InputError.raise_all(problems)

    def _broken_integers(self) -> list[str]:
        """Return what is wrong with the variables that must be whole."""
        found = []
        for name in self.integers:
            if name not in self.variables[0]:
                found.append(
                    f"{name!r} must be whole and is not the leader's; only {', '.join(self.variables[0])} may be, for "
                    "whole replies have no multipliers"
                )
                continue
            k = self.names.index(name)
            if self.constraints[0].lower[k] is None or self.constraints[0].upper[k] is None:
                found.append(f"{name!r} must be whole and has no lower or no upper bound; give both")
        return found

    @classmethod
    def from_terms(
        cls,
        leader: tuple[str, Mapping[str, Sequence[Number | None]], Objective],
        followers: Sequence[tuple[str, Mapping[str, Sequence[Number | None]], Objective]],
        *,
        constraints: Mapping[str, Iterable[tuple[Mapping[str, Number], str, Number]]] | None = None,
        sense: str = "cost",
        integers: Sequence[str] = (),
    ) -> StackelbergGame:
        """Return the game of named terms.

        Parameters
        ----------
        leader, followers
            ``(name, {variable: (lower, upper)}, {term: coefficient})``, bounds None where there is none; a term is a
            variable, a pair of variables (their product; twice the same is a square) or 1.
        constraints
            Player -> ``({variable: coefficient}, "<=" or ">=" or "==", number)``, over all variables.
        integers
            Names of the leader's variables that must be whole numbers.
        """
        rows = dict(constraints or {})
        everybody = [leader, *followers]
        players = tuple(str(name) for name, _, _ in everybody)
        strangers = [name for name in rows if name not in players]
        if strangers:
            raise InputError(f"constraints of {strangers[0]!r}, who is no player; they are {', '.join(players)}")
        names = tuple(str(variable) for _, bounds, _ in everybody for variable in bounds)
        place = {name: k for k, name in enumerate(names)}
        sets = []
        for player, (_, bounds, _) in zip(players, everybody, strict=True):
            own = {str(variable): _pair(variable, pair) for variable, pair in bounds.items()}
            below, equal = _split(player, rows.get(player, ()))
            lower, upper = (tuple(own.get(name, (None, None))[side] for name in names) for side in (0, 1))
            sets.append(Polyhedron(names, lower, upper, tuple(below), tuple(equal)))
        forms = tuple(_form(player, terms, place) for player, (_, _, terms) in zip(players, everybody, strict=True))
        return cls(
            players, tuple(tuple(bounds) for _, bounds, _ in everybody), forms, tuple(sets), sense, tuple(integers)
        )

    @classmethod
    def from_sympy(
        cls,
        leaders: Mapping[str, tuple[Any, Any]],
        followers: Mapping[str, tuple[Any, Any]],
        *,
        bounds: Mapping[Any, Sequence[Number | None]] | None = None,
        constraints: Mapping[str, Iterable[Any]] | None = None,
        shared: Iterable[Any] = (),
        sense: str = "cost",
    ) -> Any:
        """Return the game of SymPy expressions; see :func:`gametheory.games.stackelberg_sympy.read`.

        With several leaders it is a :class:`~gametheory.games.multi_leader.MultiLeaderGame`.
        """
        from gametheory.games.multi_leader import MultiLeaderGame
        from gametheory.games.stackelberg_sympy import read

        leading, following, rows = read(leaders, followers, bounds or {}, constraints or {}, shared)
        if len(leading) == 1:
            return cls.from_terms(leading[0], following, constraints=rows, sense=sense)
        return MultiLeaderGame.from_terms(leading, following, constraints=rows, sense=sense)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all variables, in the order of the joint decision."""
        return tuple(name for own in self.variables for name in own)

    @property
    def blocks(self) -> tuple[range, ...]:
        """The places of each player's variables in the joint decision."""
        return blocks_of(map(len, self.variables))

    @property
    def costs(self) -> tuple[QuadraticForm, ...]:
        """What each player minimises."""
        return self.objectives if self.sense == "cost" else tuple(form.scaled(-1) for form in self.objectives)

    def values(self, joint: Sequence[Number]) -> tuple[Number, ...]:
        """Return the cost or payoff of each player at a joint decision."""
        return tuple(form.value(joint) for form in self.objectives)


def _pair(variable: object, pair: Any) -> tuple[Number | None, Number | None]:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise InputError(f"bounds of {str(variable)!r}: {pair!r}; give (lower, upper), None where there is none")
    return pair[0], pair[1]


def _split(player: str, rows: Iterable[tuple[Mapping[str, Number], str, Number]]) -> tuple[list[Any], list[Any]]:
    """Return the rows as ``<=`` and as equalities."""
    below: list[Any] = []
    equal: list[Any] = []
    for number, row in enumerate(rows):
        what = f"constraint {number} of {player!r}"
        if not isinstance(row, Sequence) or len(row) != 3 or not isinstance(row[0], Mapping):
            raise InputError(f"{what}: {row!r}; give ({{variable: coefficient}}, '<=', number)")
        terms, sign, bound = row
        if sign not in ("<=", ">=", "=="):
            raise InputError(f"{what}: {sign!r} is no comparison; give '<=', '>=' or '=='")
        if sign == ">=":
            terms = {name: -exact(value, what=what) for name, value in terms.items()}
            bound = -exact(bound, what=what)
        (equal if sign == "==" else below).append((terms, bound))
    return below, equal


def _form(player: str, terms: Objective, place: Mapping[str, int]) -> QuadraticForm:
    if not isinstance(terms, Mapping):
        raise InputError(f"objective of {player!r}: {terms!r}; give a mapping from terms to coefficients")
    entries: list[tuple[int, int, Fraction]] = []
    slopes: list[tuple[int, Fraction]] = []
    constant = Fraction(0)
    for term, given in terms.items():
        value = exact(given, what=f"objective of {player!r}, term {term!r}")
        factors = term if isinstance(term, tuple) else () if term == 1 else (term,)
        unknown = [name for name in factors if name not in place]
        if unknown or len(factors) > 2 or (isinstance(term, tuple) and not term):
            raise InputError(
                f"objective of {player!r}: term {term!r} is not known; give 1, a variable or a pair of variables of "
                f"{', '.join(place)}"
            )
        where = [place[name] for name in factors]
        if len(where) == 2:
            # x' Q x / 2: a product stands twice in Q, a square once and is halved.
            entries.append((where[0], where[1], value * (2 if where[0] == where[1] else 1)))
        elif where:
            slopes.append((where[0], value))
        else:
            constant += value
    return QuadraticForm(tuple(entries), tuple(slopes), constant)
