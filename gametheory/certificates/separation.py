"""A tree over coalitions that proves what none of them gains, checked in whole numbers.

The proof holds share vectors (:mod:`gametheory.certificates.coalition_costs`) and a tree: at a node some players are in
and some are out, an inner node splits at one more player, and a leaf mixes share vectors with weights that add up to 1.
Mixed shares bound every coalition's cost as each does, so a coalition of the leaf gains at most

``sum over players that are in of (x_i - s_i)  +  sum over free players of max(0, x_i - s_i)``.

Where this exceeds the threshold, the few coalitions that it does not exclude are looked at one by one, each with the
share vector that is best for it. Nothing is rounded: all is decided in whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import whole
from gametheory.certificates.coalition_costs import ShareVector, costs_of
from gametheory.errors import InputError

__all__ = ["Named", "Separation", "largest_gain", "read_separation"]

#: Coalitions that are looked at one by one in a leaf; beyond, the leaf's own bound stands.
_ONE_BY_ONE = 4096


@dataclass(frozen=True, slots=True)
class Named:
    """A coalition whose cost is enclosed: ``shares <= C(T) <= plan``."""

    mask: int
    members: tuple[int, ...]
    above: Fraction
    below: Fraction


@dataclass(frozen=True, slots=True)
class Separation:
    """A proof that was read: share vectors, the tree, the coalitions it names."""

    shares: tuple[ShareVector, ...]
    tree: tuple[Any, ...]
    unit: int
    named: tuple[Named, ...]


def read_separation(game: Any, witness: Mapping[str, Any] | None) -> Separation:
    """Return the proof in a witness; every share vector and every plan in it is made from the game again.

    Raises
    ------
    InputError
        No proof, or one that is ill-formed.
    """
    keys = ("shares", "tree", "weight_bits", "coalitions")
    if not witness or any(key not in witness for key in keys):
        raise InputError(f"no proof by separation: the witness needs {', '.join(map(repr, keys))}; ask a solver for it")
    costs, size = costs_of(game), len(game.players)
    vectors = tuple(costs.shares(given) for given in witness["shares"])
    named = []
    for given in witness["coalitions"]:
        members = tuple(whole(i, what="member") for i in given["members"])
        if not members or len(set(members)) != len(members) or not all(0 <= i < size for i in members):
            raise InputError(f"a coalition of the proof has members {members}; give places of players, each once")
        vector = vectors[_place(given["shares"], len(vectors), "shares of a coalition")]
        below = Fraction(sum(vector.numerators[i] for i in members), vector.denominator)
        above = costs.cost(members, given["plan"])
        named.append(Named(sum(1 << i for i in members), members, above, below))
    bits = whole(witness["weight_bits"], what="weight_bits")
    if not 0 <= bits <= 64:
        raise InputError(f"weight_bits is {bits}; give 0 to 64")
    return Separation(vectors, tuple(witness["tree"]), 1 << bits, tuple(named))


def largest_gain(
    proof: Separation,
    amounts: Sequence[Fraction],
    threshold: Fraction,
    admits: Callable[[int, Fraction], bool],
    admits_all: Callable[[int, Sequence[int], Fraction], bool] = lambda inside, free, bound: False,
) -> Fraction:
    """Return a number that no coalition's gain ``x(T) - C(T)`` exceeds, those admitted apart; `threshold` at the least.

    `admits` is asked with a coalition (bits) and a bound on what it gains, `admits_all` with a node.

    Raises
    ------
    InputError
        The tree is no tree over all coalitions, or a leaf's weights are no weights.
    """
    size = len(amounts)
    worst = threshold
    stack = [(0, 0)]
    nodes = iter(proof.tree)
    singles = _Singles(proof.shares, amounts)
    while stack:
        node = next(nodes, None)
        if node is None:
            raise InputError("the proof's tree ends before all its leaves are closed")
        inside, outside = stack.pop()
        if not isinstance(node, tuple | list):
            place = _place(node, size, "a split of the tree")
            bit = 1 << place
            if (inside | outside) & bit:
                raise InputError(f"the proof's tree splits twice at player {place}")
            stack += [(inside, outside | bit), (inside | bit, outside)]
            continue
        gains, scale = _mixed(proof, node, amounts)
        free = [i for i in range(size) if not (inside | outside) >> i & 1]
        bound = sum(gains[i] for i in range(size) if inside >> i & 1) + sum(gains[i] for i in free if gains[i] > 0)
        highest = Fraction(bound, scale)
        if highest <= threshold or admits_all(inside, free, highest):
            continue
        for count, mask in enumerate(_near(gains, free, inside, bound, threshold * scale)):
            if count == _ONE_BY_ONE:
                worst = max(worst, highest)
                break
            gain = singles.bound(mask, Fraction(bound, scale))
            if gain > threshold and not admits(mask, gain):
                worst = max(worst, gain)
    if next(nodes, None) is not None:
        raise InputError("the proof's tree goes on after all its leaves are closed")
    return worst


def _place(given: Any, size: int, what: str) -> int:
    place = whole(given, what=what)
    if not 0 <= place < size:
        raise InputError(f"{what} is {place}; it is one of 0..{size - 1}")
    return place


def _mixed(proof: Separation, leaf: Any, amounts: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return ``x - s`` for the mixed shares of a leaf, as whole numbers over one scale."""
    weights: dict[int, int] = {}
    for pair in leaf:
        k, weight = _place(pair[0], len(proof.shares), "shares of a leaf"), whole(pair[1], what="weight of a leaf")
        if weight < 0 or k in weights:
            raise InputError("the weights of a leaf are not negative and name shares once")
        weights[k] = weight
    if sum(weights.values()) != proof.unit:
        raise InputError("the weights of a leaf do not add up to 1; they bound nothing")
    common = math.lcm(*(proof.shares[k].denominator for k in weights), *(x.denominator for x in amounts))
    gains = [x.numerator * (common // x.denominator) * proof.unit for x in amounts]
    for k, weight in weights.items():
        factor = weight * (common // proof.shares[k].denominator)
        gains = [gain - factor * s for gain, s in zip(gains, proof.shares[k].numerators, strict=True)]
    return gains, common * proof.unit


def _near(gains: list[int], free: list[int], inside: int, bound: int, threshold: Fraction) -> Iterator[int]:
    """Iterate over the coalitions whose gains add up to more than the threshold: few changes of the best one."""
    best = inside | sum(1 << i for i in free if gains[i] > 0)
    order = sorted(free, key=lambda i: abs(gains[i]))
    yield best
    stack = [(0, bound - threshold, best)]
    while stack:
        start, left, mask = stack.pop()
        for k in range(start, len(order)):
            price = abs(gains[order[k]])
            if price >= left:
                break
            other = mask ^ (1 << order[k])
            yield other
            stack.append((k + 1, left - price, other))


class _Singles:
    """Bounds on what single coalitions gain: floats choose the share vectors, whole numbers decide."""

    def __init__(self, shares: Sequence[ShareVector], amounts: Sequence[Fraction]) -> None:
        self._shares, self._amounts = shares, amounts
        self._floats = np.array([[float(x) for x in amounts]] * len(shares)) - np.array(
            [[n / v.denominator for n in v.numerators] for v in shares]
        )
        self._seen: dict[int, Fraction] = {}

    def bound(self, mask: int, otherwise: Fraction) -> Fraction:
        if mask not in self._seen:
            members = [i for i in range(len(self._amounts)) if mask >> i & 1]
            paid = sum((self._amounts[i] for i in members), Fraction(0))
            likely = np.argsort(self._floats[:, members].sum(axis=1), kind="stable")[:3]
            self._seen[mask] = min(
                paid - Fraction(sum(self._shares[k].numerators[i] for i in members), self._shares[k].denominator)
                for k in map(int, likely)
            )
        return min(self._seen[mask], otherwise)
