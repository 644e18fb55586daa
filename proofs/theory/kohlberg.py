"""Kohlberg's criterion for three players: an allocation is the prenucleolus if and only if every level is balanced.

Excesses ``e_S = v(S) - x(S)`` of the six proper coalitions are free reals (``v`` is free), and a move from ``x`` to
another efficient allocation is a direction ``y`` with ``sum y = 0`` that changes ``e_S`` by ``-y(S)``. So the theorem
is about ``e`` in six and ``y`` in two dimensions, and z3 decides it with a sorting network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, ClassVar

from .. import smt
from ..steps import Decision, Finite, Step
from ..theorem import Mutant, Theorem
from .bondareva_shapley import MINIMAL
from .three_players import PROPER, collections, total

__all__ = ["THEOREMS"]

#: Compare-exchange pairs that sort six numbers (Knuth, The Art of Computer Programming 3, section 5.3.4).
_NETWORK = ((0, 5), (1, 3), (2, 4), (1, 2), (3, 4), (0, 3), (2, 5), (0, 1), (2, 3), (4, 5), (1, 2), (3, 4))


def _balanced(collection: Sequence[int]) -> bool:
    """Whether a collection has balancing weights that are all positive: it is a union of minimal balanced ones."""
    inside = [sets for sets in MINIMAL if set(sets) <= set(collection)]
    return set(collection) == {S for sets in inside for S in sets}


@cache
def _better(collection: tuple[int, ...]) -> tuple[int, int, int] | None:
    """Return a direction with y(S) >= 0 on the collection and > 0 somewhere, found among small integers."""
    grid = range(-2, 3)
    for a in grid:
        for b in grid:
            y = (a, b, -a - b)
            gains = [total(y, S) for S in collection]
            if min(gains) >= 0 and max(gains) > 0:
                return y
    return None


def _alternative() -> Iterator[tuple[str, bool]]:
    # Gordan's alternative, decided for each collection: balancing weights, or a direction that improves on it.
    # A union of minimal balanced collections has positive weights, and then sum w_S y(S) = y(N) = 0 forbids y.
    for collection in collections():
        yield f"collection {collection}", _balanced(collection) != (_better(collection) is not None)


def _weights_forbid() -> Iterator[tuple[str, bool]]:
    for sets, weights in MINIMAL.items():
        for i in range(3):
            cover = sum((w for S, w in zip(sets, weights, strict=True) if S >> i & 1), Fraction(0))
            yield f"weights of {sets} cover player {i}", cover == 1 and min(weights) > 0


class _Criterion:
    """One direction of the criterion, given to z3."""

    kind: ClassVar[str] = "unsat"

    def __init__(self, name: str, *, necessary: bool) -> None:
        self.name = name
        self.necessary = necessary

    def decide(self) -> Decision:
        """Decide every query; each must be unsat."""
        queries = list(_necessity() if self.necessary else _sufficiency())
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


def _sufficiency() -> Iterator[tuple[str, list[Any]]]:
    z3 = smt.load()
    e = {S: z3.Real(f"e{S}") for S in PROPER}
    a, b = z3.Real("a"), z3.Real("b")
    y = (a, b, -a - b)
    moved = [e[S] - total(y, S) for S in PROPER]
    no_bad_level = [z3.Not(_is_level(c, e)) for c in collections() if not _balanced(c)]
    as_good = _lexicographically_at_most(_sorted(moved), _sorted([e[S] for S in PROPER]), strict=False)
    yield "all levels balanced, another allocation as good", [*no_bad_level, z3.Or(a != 0, b != 0), as_good]


def _necessity() -> Iterator[tuple[str, list[Any]]]:
    z3 = smt.load()
    e = {S: z3.Real(f"e{S}") for S in PROPER}
    step = z3.Real("step")
    for collection in collections():
        y = _better(collection)
        if y is None:
            continue
        rest = [T for T in PROPER if T not in collection]
        # A step so small that no coalition outside the level overtakes one inside it.
        small = [e[S] - step * total(y, S) > e[T] - step * total(y, T) for S in collection for T in rest]
        moved = [e[S] - step * total(y, S) for S in PROPER]
        better = _lexicographically_at_most(_sorted(moved), _sorted([e[S] for S in PROPER]), strict=True)
        yield f"level {collection}", [step > 0, _is_level(collection, e), *small, z3.Not(better)]


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
    yield Finite("each of the 63 collections is balanced, or some direction improves on it, never both", _alternative)
    yield _Criterion(
        "all levels balanced: no other allocation has lexicographically smaller or equal excesses", necessary=False
    )
    yield _Criterion("a level that is not balanced: a small step along its direction is better", necessary=True)


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
)
