"""Core points and nucleoli of families too large for an enumeration, judged by what their structure says.

Core: in an assignment market, an airport and a bankruptcy few coalitions decide, and they are all looked at. Of a flow
and a spanning tree one kind of point is recognised: a split by lengths of arcs (every path from source to sink is at
least 1 long, so the split pays every coalition its flow), and a split by the edges of a cheapest tree (Bird 1976: with
the tree's edges of the others a coalition's tree spans all, so it costs no less than its share). Others are refused.

Nucleolus: airport and bankruptcy games are convex, and in a convex game the kernel holds the nucleolus alone (Maschler,
Peleg and Shapley 1972). The largest excess of a coalition with one player and without another has a formula in both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from gametheory.arithmetic import brief
from gametheory.certificates.coalitional import sign_of
from gametheory.errors import SizeLimit
from gametheory.games.coalition_families import Airport, Assignment, Bankruptcy, Flow, Glove, SpanningTree
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["structured_core", "structured_nucleolus"]

Shares = Sequence[Fraction]
_NONE = Fraction(0)
#: The coalition that is worst off among those that decide, with its excess, and the number of all together.
_Found = tuple[tuple[int, ...], Fraction, Fraction]


def structured_core(game: CoalitionalGame, shares: Shares, epsilon: Fraction) -> Certificate | None:
    """Judge "this allocation is in the core" by the structure, or return None where it is of no help."""
    judge = _CORE.get(type(game.structure))
    if judge is None:
        return None
    found = judge(game.structure, shares)
    claim = "the allocation is in the core" + (f" up to an excess of {brief(epsilon)}" if epsilon else "")
    worst, excess, grand = found
    missed = sign_of(game) * (grand - sum(shares, _NONE))
    why = ""
    if missed != 0:
        why = f": the shares miss the grand coalition's {game.kind} by {brief(abs(missed))}"
    elif 0 < excess <= epsilon and not isinstance(game.structure, Airport | Bankruptcy):
        raise SizeLimit(
            f"{len(shares)} players: the structure finds who blocks, not who gains most, so that an excess of up to "
            f"{brief(epsilon)} is not decided; claim epsilon 0, or enumerate up to 24 players"
        )
    elif excess > epsilon:
        why = f": ({', '.join(game.players[i] for i in worst)}) gains {brief(excess)} by leaving"
    names = tuple(game.players[i] for i in worst)
    return Certificate(
        strength=Strength.REFUTED if why else Strength.EXACT,
        claim=claim + why,
        bound=max(excess, abs(missed), _NONE),
        witness={"coalitions": ((names, excess),) if names else (), "grand": missed, "by": "the structure"},
        epsilon=epsilon,
    )


def _of_matching(market: Assignment | Glove, shares: Shares) -> _Found:
    """Singles and pairs decide (Shapley and Shubik 1971)."""
    matrix = market.matrix if isinstance(market, Assignment) else ((Fraction(1),) * market.right,) * market.left
    m = len(matrix)
    found: list[tuple[Fraction, tuple[int, ...]]] = [(-share, (i,)) for i, share in enumerate(shares)]
    for i, row in enumerate(matrix):
        found.extend((gain - shares[i] - shares[m + j], (i, m + j)) for j, gain in enumerate(row))
    excess, worst = max(found)
    return worst, excess, _best_matching(matrix) if m else _NONE


def _best_matching(matrix: Sequence[Sequence[Fraction]]) -> Fraction:
    """Return the value of the best matching: pairs are added along best paths until none gains (Bellman and Ford)."""
    m, n = len(matrix), len(matrix[0])
    partner: dict[int, int] = {}  # column -> row
    total = _NONE
    while True:
        free = [i for i in range(m) if i not in partner.values()]
        best = dict.fromkeys(free, _NONE)  # row -> best gain of a path from a free row that ends there
        before: dict[int, tuple[int, int]] = {}
        ends: dict[int, tuple[Fraction, int]] = {}
        changed = set(free)
        while changed:
            moved = set()
            for i in changed:
                for j in range(n):
                    gain = best[i] + matrix[i][j]
                    if j not in partner:
                        if j not in ends or gain > ends[j][0]:
                            ends[j] = gain, i
                    elif partner[j] != i:
                        k = partner[j]
                        gain -= matrix[k][j]
                        if k not in best or gain > best[k]:
                            best[k], before[k] = gain, (i, j)
                            moved.add(k)
            changed = moved
        if not ends:
            return total
        column = max(ends, key=lambda j: ends[j][0])
        gain, row = ends[column]
        if gain <= 0:
            return total
        total += gain
        while True:
            step = before.get(row)
            partner[column] = row
            if step is None:
                break
            row, column = step


def _of_airport(runway: Airport, shares: Shares) -> _Found:
    """Of all whose need is within a length, those with positive shares lose most together."""
    order = sorted(range(len(shares)), key=lambda i: runway.costs[i])
    paid, group = _NONE, []
    worst: tuple[Fraction, int] = (-min(runway.costs), 0)
    for i in order:
        if shares[i] > 0:
            paid += shares[i]
            group.append(i)
        if group:
            worst = max(worst, (paid - runway.costs[i], len(group)))
    return tuple(sorted(group[: worst[1]])), worst[0], max(runway.costs)


def _of_bankruptcy(rule: Bankruptcy, shares: Shares) -> _Found:
    """Nobody gets less than nothing, nobody more than its claim: then the others have what is left to them."""
    rest = [i for i in range(len(shares)) if shares[i] <= rule.claims[i]]
    over = sum((max(_NONE, shares[i] - rule.claims[i]) for i in range(len(shares))), _NONE)
    below = [i for i in range(len(shares)) if shares[i] < 0]
    lacking = -sum((shares[i] for i in below), _NONE)
    return (tuple(rest), over, rule.estate) if over >= lacking else (tuple(below), lacking, rule.estate)


def _of_flow(net: Flow, shares: Shares) -> _Found:
    negative = min(range(len(shares)), key=shares.__getitem__)
    grand = net.value(tuple(range(net.size)))
    if shares[negative] < 0:
        return (negative,), -shares[negative], grand
    lengths: dict[int, list[tuple[int, Fraction, int]]] = {}
    for k, (tail, head, capacity) in enumerate(net.arcs):
        if capacity > 0:
            lengths.setdefault(tail, []).append((head, shares[k] / capacity, k))
    distance, path = _shortest(lengths, net.source, net.sink)
    if distance is not None and distance < 1:
        flow = min(net.arcs[k][2] for k in path)
        gain = flow - sum((shares[k] for k in path), _NONE)
        if gain > 0:
            return tuple(sorted(path)), gain, grand
        raise SizeLimit(
            f"{net.size} arcs: this split is neither by lengths of at least 1 from source to sink nor blocked by the "
            "arcs of one path; such splits are decided by enumeration up to 25 players"
        )
    return (), _NONE, grand


def _shortest(
    arcs: dict[int, list[tuple[int, Fraction, int]]], source: int, sink: int
) -> tuple[Fraction | None, list[int]]:
    """Return the length of a shortest path and its arcs (Dijkstra 1959)."""
    heap: list[tuple[Fraction, int, int, list[int]]] = [(_NONE, 0, source, [])]
    seen: set[int] = set()
    count = 0
    while heap:
        length, _, node, path = heappop(heap)
        if node == sink:
            return length, path
        if node in seen:
            continue
        seen.add(node)
        for head, more, arc in arcs.get(node, []):
            count += 1
            heappush(heap, (length + more, count, head, [*path, arc]))
    return None, []


def _of_tree(tree: SpanningTree, shares: Shares) -> _Found:
    grand = tree.value(tuple(range(tree.size)))
    alone = [shares[i] - tree.costs[0][i + 1] for i in range(tree.size)]
    worst = max(range(tree.size), key=alone.__getitem__)
    if alone[worst] > 0 or sum(shares, _NONE) != grand:
        return (worst,), max(alone[worst], _NONE), grand
    joined, waiting = [0], set(range(1, tree.size + 1))
    for node in joined:
        reached = {k for k in waiting if tree.costs[node][k] == shares[k - 1]}
        waiting -= reached
        joined.extend(sorted(reached))
    if waiting:
        raise SizeLimit(
            f"{tree.size} players: this split is not by the edges of one cheapest tree; others are decided by "
            "enumeration up to 25 players (the question is NP-hard in general)"
        )
    return (), _NONE, grand


_CORE: dict[type, Callable[[Any, Shares], _Found]] = {
    Assignment: _of_matching,
    Glove: _of_matching,
    Airport: _of_airport,
    Bankruptcy: _of_bankruptcy,
    Flow: _of_flow,
    SpanningTree: _of_tree,
}


def structured_nucleolus(game: CoalitionalGame, shares: Shares, claim: str) -> Certificate | None:
    """Judge "this is the nucleolus" of a convex family by the pairs of its kernel, or return None."""
    if not isinstance(game.structure, Airport | Bankruptcy):
        return None
    inside = structured_core(game, shares, _NONE)
    if inside is None or inside.strength is Strength.REFUTED:
        why = inside.claim if inside is not None else ""
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"{claim}: no, as the core holds the nucleolus and {why}",
            bound=inside.bound if inside is not None else Fraction(1),
            witness=inside.witness if inside is not None else {},
        )
    rule: Any = game.structure
    largest = _airport_pairs(rule, shares) if isinstance(rule, Airport) else None
    bound, pair = _NONE, (0, 0)
    n = len(shares)
    at_own = [shares[j] == game.structure.value((j,)) for j in range(n)]
    for i in range(n):
        for j in range(n):
            if i == j or at_own[j]:  # a player held at its own value may be outweighed
                continue
            if largest is not None:
                gap = largest(i, j) - largest(j, i)
            else:
                claims = rule.claims
                gap = max(-shares[i], shares[j] - claims[j]) - max(-shares[j], shares[i] - claims[i])
            if gap > bound:
                bound, pair = gap, (i, j)
    names = tuple(game.players[k] for k in pair)
    return Certificate(
        strength=Strength.REFUTED if bound else Strength.EXACT,
        claim=f"{claim}: {names[0]!r} outweighs {names[1]!r} by {brief(bound)}" if bound else claim,
        bound=bound,
        witness={"players": names} if bound else {"by": "the kernel of a convex game"},
    )


def _airport_pairs(runway: Airport, shares: Shares) -> Callable[[int, int], Fraction]:
    """Return ``(i, j) -> max over T with i without j of x(T) - max cost``: all within a length from that of i on."""
    order = sorted(range(len(shares)), key=lambda i: runway.costs[i])
    levels = sorted(set(runway.costs))
    paid, left = [], _NONE
    place = 0
    for level in levels:
        while place < len(order) and runway.costs[order[place]] <= level:
            left += shares[order[place]]
            place += 1
        paid.append(left - level)
    # Best from a level on, and best between two levels (where j is not yet among the members).
    index = {level: k for k, level in enumerate(levels)}

    def largest(i: int, j: int) -> Fraction:
        start, other = index[runway.costs[i]], index[runway.costs[j]]
        without = max(paid[start:other], default=None)
        with_j = max(paid[max(start, other) :]) - shares[j]
        return with_j if without is None else max(without, with_j)

    return largest
