"""From the extreme equilibria of a two-player game to maximal Nash subsets and connected components.

The extreme equilibria are the edges of a bipartite graph between vertices of the two best-response polytopes. A
maximal set ``U x V`` of edges spans a maximal Nash subset ``conv U x conv V``; the subsets that hang together form a
component (Winkels 1979; Jansen 1981; Avis, Rosenberg, Savani and von Stengel, Economic Theory 42 (2010), section 5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

__all__ = ["components", "maximal_subsets"]

Subset = tuple[tuple[int, ...], tuple[int, ...]]


def maximal_subsets(pairs: Iterable[tuple[int, int]]) -> list[Subset]:
    """Return every maximal ``U x V`` within `pairs`, each once.

    The sets ``V`` are the intersections of neighbourhoods; they are closed one first vertex at a time.

    >>> maximal_subsets([(0, 0), (0, 1), (1, 1)])
    [((0,), (0, 1)), ((0, 1), (1,))]
    """
    neighbours: dict[int, set[int]] = defaultdict(set)
    for x, y in pairs:
        neighbours[x].add(y)
    closed: set[frozenset[int]] = set()
    for near in neighbours.values():
        own = frozenset(near)
        closed |= {own} | {met for other in closed if (met := other & own)}
    found = [
        (tuple(sorted(x for x, near in neighbours.items() if near >= second)), tuple(sorted(second)))
        for second in closed
    ]
    return sorted(found)


def components(pairs: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return the edges of each connected component, in the order of their first edge.

    >>> components([(0, 0), (1, 1), (0, 2)])
    [[(0, 0), (0, 2)], [(1, 1)]]
    """
    edges = list(pairs)
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for x, y in edges:
        root[find(("x", x))] = find(("y", y))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for x, y in edges:
        groups.setdefault(find(("x", x)), []).append((x, y))
    return list(groups.values())
