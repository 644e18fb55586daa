"""What is known of a game's coalitions: shares that bound all of them, and the costs of some."""

from __future__ import annotations

import numpy as np

from gametheory.solvers.separation.shares import Floats, Shares, SharesOf, members_of

__all__ = ["Pool"]


class Pool:
    """Share vectors and coalition costs; they hold at every allocation, so one pool serves many searches.

    Attributes
    ----------
    source
        Where they come from.
    costs
        Coalition (bits) -> ``C(T)`` as a float.
    tight
        Coalition -> position of the shares that were made for it.
    """

    def __init__(self, source: SharesOf) -> None:
        self.source = source
        self.size = len(source.players)
        self.shares: list[Shares] = []
        self.costs: dict[int, float] = {}
        self.tight: dict[int, int] = {}
        self._matrix = np.zeros((16, self.size))

    @property
    def matrix(self) -> Floats:
        """All shares, a row each."""
        return self._matrix[: len(self.shares)]

    def add(self, shares: Shares) -> int:
        """Keep shares; return their position."""
        if len(self.shares) == len(self._matrix):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
        self._matrix[len(self.shares)] = shares.values
        self.shares.append(shares)
        return len(self.shares) - 1

    def cost(self, mask: int) -> float:
        """Return what a coalition costs, and keep the shares that prove it."""
        if mask not in self.costs:
            inside = indicator(mask, self.size)
            shares = self.source.at(inside)
            self.tight[mask] = self.add(shares)
            self.costs[mask] = float(inside @ shares.values)
        return self.costs[mask]


def indicator(mask: int, size: int) -> Floats:
    """Return the coalition as zeros and ones."""
    row = np.zeros(size)
    row[members_of(mask)] = 1.0
    return row
