"""Kohlberg's criterion for three players: an allocation is the prenucleolus if and only if every level is balanced.

Excesses ``e_S = v(S) - x(S)`` of the six proper coalitions are free reals (``v`` is free), and a move from ``x`` to
another efficient allocation is a direction ``y`` with ``sum y = 0`` that changes ``e_S`` by ``-y(S)``. So the theorem
is about ``e`` in six and ``y`` in two dimensions, and z3 decides it with a sorting network.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from typing import Any, ClassVar

from .. import smt
from ..steps import Decision, Finite, Step
from ..theorem import Mutant, Theorem
from .bondareva_shapley import MINIMAL
from .three_players import PROPER, collections, total

__all__ = ["THEOREMS"]

#: Compare-exchange pairs that sort six numbers (Knuth, The Art of Computer Programming 3, section 5.3.4).
_NETWORK = ((0, 5), (1, 3), (2, 4), (1, 2), (3, 4), (0, 3), (2, 5), (0, 1), (2, 3), (4, 5), (1, 2), (3, 4))


def _balanced(collection: Collection[int]) -> bool:
    """Whether a collection has balancing weights that are all positive: it is a union of minimal balanced ones."""
    inside = [sets for sets in MINIMAL if set(sets) <= set(collection)]
    return set(collection) == {S for sets in inside for S in sets}


def _balanced_with(collection: tuple[int, ...], tight: tuple[int, ...]) -> bool:
    """Whether weights balance that are positive on the collection and non-negative on the tight players."""
    extra = [1 << i for i in tight]
    return any(_balanced({*collection, *some}) for size in range(len(extra) + 1) for some in combinations(extra, size))


@cache
def _better(collection: tuple[int, ...], tight: tuple[int, ...] = ()) -> tuple[int, int, int] | None:
    """Return a direction with y(S) >= 0 on the collection, > 0 somewhere, that takes nothing from tight players."""
    grid = range(-2, 3)
    for a in grid:
        for b in grid:
            y = (a, b, -a - b)
            gains = [total(y, S) for S in collection]
            if min(gains) >= 0 and max(gains) > 0 and all(y[i] >= 0 for i in tight):
                return y
    return None


def _subsets() -> Iterator[tuple[int, ...]]:
    for size in range(4):
        yield from combinations(range(3), size)


def _alternative() -> Iterator[tuple[str, bool]]:
    # Gordan's alternative, decided for each collection: balancing weights, or a direction that improves on it.
    # A union of minimal balanced collections has positive weights, and then sum w_S y(S) = y(N) = 0 forbids y.
    for collection in collections():
        for tight in _subsets():
            improves = _better(collection, tight) is not None
            yield f"collection {collection}, tight {tight}", _balanced_with(collection, tight) != improves


def _weights_forbid() -> Iterator[tuple[str, bool]]:
    for sets, weights in MINIMAL.items():
        for i in range(3):
            cover = sum((w for S, w in zip(sets, weights, strict=True) if S >> i & 1), Fraction(0))
            yield f"weights of {sets} cover player {i}", cover == 1 and min(weights) > 0


class _Criterion:
    """One direction of the criterion, given to z3."""

    kind: ClassVar[str] = "unsat"

    def __init__(self, name: str, *, necessary: bool, rational: bool = False) -> None:
        self.name = name
        self.necessary = necessary
        self.rational = rational

    def decide(self) -> Decision:
        """Decide every query; each must be unsat."""
        queries = list(_necessity(self.rational) if self.necessary else _sufficiency(self.rational))
        for label, assertions in queries:
            answer, _ = smt.ask(assertions)
            if answer != "unsat":
                return Decision(self.name, self.kind, "undecided", f"{label}: z3 says {answer}")
        return Decision(
            self.name, self.kind, "proved", f"{len(queries)} unsatisfiable quer{'ies' if len(queries) > 1 else 'y'}"
        )

    def fails_at(self, point: Mapping[Any, Any]) -> str | None:
        """Never: a proof step, not a mutant."""
        return None


def _sorted(values: Sequence[Any]) -> list[Any]:
    z3 = smt.load()
    values = list(values)
    for i, j in _NETWORK:
        high, low = (
            z3.If(values[i] >= values[j], values[i], values[j]),
            z3.If(values[i] >= values[j], values[j], values[i]),
        )
        values[i], values[j] = high, low
    return values


def _lexicographically_at_most(left: Sequence[Any], right: Sequence[Any], *, strict: bool) -> Any:
    z3 = smt.load()
    result = z3.BoolVal(not strict)
    for a, b in reversed(list(zip(left, right, strict=True))):
        result = z3.Or(a < b, z3.And(a == b, result))
    return result


def _is_level(collection: Sequence[int], e: Mapping[int, Any]) -> Any:
    """Whether the collection is the set of coalitions whose excess is at least some number."""
    z3 = smt.load()
    rest = [S for S in PROPER if S not in collection]
    return z3.And(*[e[S] > e[T] for S in collection for T in rest]) if rest else z3.BoolVal(True)


def _tight(tight: tuple[int, ...], e: Mapping[int, Any], *, rational: bool) -> list[Any]:
    """Individual rationality: excesses of single players are at most 0, and 0 for the tight ones only."""
    if not rational:
        return []
    return [e[1 << i] == 0 if i in tight else e[1 << i] < 0 for i in range(3)]


def _sufficiency(rational: bool = False) -> Iterator[tuple[str, list[Any]]]:
    z3 = smt.load()
    e = {S: z3.Real(f"e{S}") for S in PROPER}
    a, b = z3.Real("a"), z3.Real("b")
    y = (a, b, -a - b)
    moved = {S: e[S] - total(y, S) for S in PROPER}
    as_good = _lexicographically_at_most(_sorted(list(moved.values())), _sorted(list(e.values())), strict=False)
    stays = [moved[1 << i] <= 0 for i in range(3)] if rational else []
    for tight in _subsets() if rational else [()]:
        no_bad_level = [z3.Not(_is_level(c, e)) for c in collections() if not _balanced_with(c, tight)]
        domain = [*_tight(tight, e, rational=rational), *stays]
        yield f"tight {tight}", [*no_bad_level, *domain, z3.Or(a != 0, b != 0), as_good]


def _necessity(rational: bool = False) -> Iterator[tuple[str, list[Any]]]:
    z3 = smt.load()
    e = {S: z3.Real(f"e{S}") for S in PROPER}
    step = z3.Real("step")
    for collection, tight in product(collections(), _subsets() if rational else [()]):
        y = _better(collection, tight)
        if y is None:
            continue
        rest = [T for T in PROPER if T not in collection]
        moved = {S: e[S] - step * total(y, S) for S in PROPER}
        # A step so small that no coalition outside the level overtakes one inside it, and nobody loses rationality.
        small = [moved[S] > moved[T] for S in collection for T in rest]
        if rational:
            small += [moved[1 << i] <= 0 for i in range(3) if i not in tight]
        better = _lexicographically_at_most(_sorted(list(moved.values())), _sorted(list(e.values())), strict=True)
        if rational:
            better = z3.And(better, *[moved[1 << i] <= 0 for i in range(3)])
        domain = [step > 0, *_tight(tight, e, rational=rational), _is_level(collection, e)]
        yield f"level {collection}, tight {tight}", [*domain, *small, z3.Not(better)]


def _network_sorts() -> Iterator[tuple[str, bool]]:
    # The zero-one principle: a network that sorts all zeros and ones sorts everything (Knuth, 5.3.4, theorem Z).
    for bits in product((0, 1), repeat=len(PROPER)):
        values = list(bits)
        for i, j in _NETWORK:
            values[i], values[j] = max(values[i], values[j]), min(values[i], values[j])
        yield f"{bits}", values == sorted(bits, reverse=True)


def _proof() -> Iterator[Step]:
    yield Finite("the sorting network sorts", _network_sorts)
    yield Finite("the stored weights balance", _weights_forbid)
    yield Finite(
        "each of the 63 collections (with any tight players) is balanced, or some direction improves on it, never both",
        _alternative,
    )
    yield _Criterion(
        "all levels balanced: no other allocation has lexicographically smaller or equal excesses", necessary=False
    )
    yield _Criterion("a level that is not balanced: a small step along its direction is better", necessary=True)


def _rational_proof() -> Iterator[Step]:
    yield Finite("the sorting network sorts", _network_sorts)
    yield Finite("the stored weights balance", _weights_forbid)
    yield Finite("each collection with its tight players is balanced, or some direction improves on it", _alternative)
    yield _Criterion("sufficient, among imputations", necessary=False, rational=True)
    yield _Criterion("necessary, by a small step that stays an imputation", necessary=True, rational=True)


def _tight_ignored() -> Iterator[tuple[str, bool]]:
    # v(01) = 3, v(N) = 1, the rest 0: the nucleolus is (1/2, 1/2, 0), where player 2 is held at v(2) = 0.
    half = Fraction(1, 2)
    excess = {1: -half, 2: -half, 4: Fraction(0), 3: Fraction(2), 5: -half, 6: -half}
    tight = tuple(i for i in range(3) if excess[1 << i] == 0)
    levels = [tuple(S for S in PROPER if excess[S] >= t) for t in sorted(set(excess.values()), reverse=True)]
    yield (
        "v(01) = 3, v(N) = 1, x = (1/2, 1/2, 0)",
        all(_balanced_with(level, tight) == _balanced(level) for level in levels),
    )


def _top_level_only() -> Iterator[tuple[str, bool]]:
    # Excesses 1, 1 at {0} and {1, 2} (a balanced top level), then 1/2 at {1} alone.
    excess = {1: Fraction(1), 6: Fraction(1), 2: Fraction(1, 2), 4: Fraction(0), 3: Fraction(0), 5: Fraction(0)}
    top = tuple(S for S in PROPER if excess[S] == max(excess.values()))
    y = (0, Fraction(1, 8), Fraction(-1, 8))
    moved = {S: excess[S] - total(y, S) for S in PROPER}
    better = sorted(moved.values(), reverse=True) < sorted(excess.values(), reverse=True)
    yield "e = (1, 1/2, 0, 0, 0, 1), y = (0, 1/8, -1/8)", not (_balanced(top) and better)


THEOREMS = (
    Theorem(
        id="T-KOHLBERG",
        statement="An efficient allocation minimises the sorted excesses lexicographically, and is the only one to do "
        "so, if and only if for every t the coalitions with excess at least t are balanced",
        domain="all games with three players",
        source="Kohlberg, On the nucleolus of a characteristic function game, 1971; Sobolev 1975",
        proof=_proof,
        mutant=Mutant(
            "It is enough that the coalitions with the largest excess are balanced",
            lambda: Finite("the top level alone", _top_level_only),
        ),
        uses="a sequence of sorted reals is compared lexicographically; excesses of three players are free reals",
    ),
    Theorem(
        id="T-NUCLEOLUS",
        statement="An imputation is the nucleolus, the only one, if and only if for every t the coalitions with excess "
        "at least t have positive weights that balance together with non-negative weights on players held at v(i)",
        domain="all games with three players whose value is at least the sum of single values",
        source="Kohlberg, On the nucleolus of a characteristic function game, 1971",
        proof=_rational_proof,
        mutant=Mutant(
            "Players held at v(i) need no weights of their own", lambda: Finite("without tight players", _tight_ignored)
        ),
        uses="a sequence of sorted reals is compared lexicographically; excesses of three players are free reals",
    ),
)
