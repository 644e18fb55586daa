"""Solutions of coalition games: values of coalitions, divisions among players, the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import FloatArray, Number, exact, rational_text, to_float
from gametheory.errors import InputError
from gametheory.result.certificate import Certificate
from gametheory.result.solution import Solution
from gametheory.result.words import Concept, Strength

__all__ = [
    "Allocation",
    "Characteristic",
    "CoalitionProperties",
    "Core",
    "CoreCheck",
    "CoreMembership",
    "Partition",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic(Solution):
    """What every coalition pays or earns on its own: `profile` is the table, entry ``k`` holds the bits of ``k``."""

    @property
    def players(self) -> tuple[str, ...]:
        """Names, in the order of the bits."""
        return tuple(self.game.players)

    def __getitem__(self, coalition: str | tuple[str, ...]) -> Fraction:
        members = {coalition} if isinstance(coalition, str) else set(coalition)
        unknown = sorted(members - set(self.players))
        if unknown:
            raise InputError(f"player {unknown[0]!r} is not in this game; the players are {', '.join(self.players)}")
        return exact(self.profile[sum(1 << i for i, name in enumerate(self.players) if name in members)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Solution):
    """A division among players: Shapley value, nucleolus, core point.

    Attributes
    ----------
    players
        Names, in the order of the values.
    exact
        Fractions in player order, or None where the values are sampled or enclosed.
    approximate
        Floats in player order where `exact` is None.
    interval
        A pair (low, high) for each player where the values are sampled, else None.
    """

    players: tuple[str, ...]
    exact: tuple[Fraction, ...] | None = None
    approximate: tuple[float, ...] | None = None
    interval: tuple[tuple[float, float], ...] | None = None

    @property
    def values(self) -> FloatArray:
        """The values as a float64 array in player order."""
        import numpy as np

        source = self.exact if self.exact is not None else self.approximate
        return np.array([to_float(value) for value in source or ()], dtype=np.float64)

    def __getitem__(self, player: str) -> Number:
        if player not in self.players:
            raise InputError(f"player {player!r} is not in this game; the players are {', '.join(self.players)}")
        k = self.players.index(player)
        return self.exact[k] if self.exact is not None else float(self.values[k])

    def __str__(self) -> str:
        if self.exact is not None:
            parts = [f"{p}: {rational_text(v)}" for p, v in zip(self.players, self.exact, strict=True)]
        else:
            parts = [f"{p}: {v:.6g}" for p, v in zip(self.players, self.values, strict=True)]
        return f"{self.concept} = ({', '.join(parts)})\n{self.certificate}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionProperties:
    """What is true of a coalitional game: exact statements; the bound of each is its largest violation, 0 if it holds.

    Attributes
    ----------
    game
        The game.
    monotone, superadditive, convex, balanced
        Statements with a witness where they fail; of costs superadditive reads subadditive, and convex concave.
    null_players
        Those who change nothing.
    symmetric_players
        Groups whose members can stand in for each other.
    """

    game: Any
    monotone: Certificate | None
    superadditive: Certificate | None
    convex: Certificate | None
    balanced: Certificate | None
    null_players: tuple[str, ...] | None
    symmetric_players: tuple[tuple[str, ...], ...] | None

    def __str__(self) -> str:
        stated = (self.monotone, self.superadditive, self.convex, self.balanced)
        lines = [str(certificate) for certificate in stated if certificate is not None]
        if self.null_players:
            lines.append(f"null players: {', '.join(self.null_players)}")
        lines.extend(f"symmetric: {', '.join(group)}" for group in self.symmetric_players or ())
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition(Solution):
    """Players in blocks.

    Attributes
    ----------
    partition
        The blocks, tuples of names.
    worth
        What all blocks have together (of costs: what they pay), transfers paid.
    """

    partition: tuple[tuple[str, ...], ...]
    worth: Fraction

    def __str__(self) -> str:
        blocks = " | ".join(", ".join(block) for block in self.partition)
        return f"{blocks}: {rational_text(self.worth)}\n{self.certificate}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreMembership:
    """Whether an allocation is in the core.

    Attributes
    ----------
    inside
        True where it hands out all there is and no coalition blocks it.
    coalition, excess
        The proper coalition with the largest excess (what it would gain by leaving), and that excess: 0 or less where
        no coalition blocks.
    certificate
        The verdict; its witness lists the ten worst coalitions, every single player and the grand coalition.
    """

    inside: bool
    coalition: tuple[str, ...]
    excess: Fraction
    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Core(Solution):
    """The core of a coalitional game: empty or not, with the proof.

    Attributes
    ----------
    empty
        Whether no allocation is stable.
    point
        An allocation in the core, in player order, or None.
    balanced_weights
        Where the core is empty: coalition -> weight, balanced, and worth more than the grand coalition.
    """

    empty: bool
    point: tuple[Fraction, ...] | None = None
    balanced_weights: Mapping[tuple[str, ...], Fraction] | None = None

    def contains(self, allocation: Any) -> CoreMembership:
        """Return whether an allocation is in the core, and which coalition is worst off in it."""
        from gametheory.certificates import certify
        from gametheory.concepts.coalitions import membership_witness

        try:
            certificate = certify(self.game, allocation, concept=Concept.CORE, witness=self.witness)
            open_ = certificate.strength is Strength.REFUTED and not certificate.witness["coalitions"]
        except InputError:
            open_ = True
        if open_:  # what proves this core's own point does not say which coalition gains most here: search
            witness = membership_witness(self.game, allocation)
            certificate = certify(self.game, allocation, concept=Concept.CORE, witness=witness)
        ranked = certificate.witness["coalitions"]
        worst, excess = ranked[0] if ranked else ((), Fraction(0))
        return CoreMembership(
            inside=certificate.strength is not Strength.REFUTED,
            coalition=worst,
            excess=excess,
            certificate=certificate,
        )

    def __str__(self) -> str:
        if self.empty:
            parts = [f"{rational_text(w)} ({', '.join(T)})" for T, w in (self.balanced_weights or {}).items()]
            return f"the core is empty: {' + '.join(parts)} balance\n{self.certificate}"
        shares = ", ".join(rational_text(share) for share in self.point or ())
        return f"the core is not empty: it holds ({shares})\n{self.certificate}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreCheck(Solution):
    """Whether a split of bills is stable, who would rather leave, and what would hold them.

    Attributes
    ----------
    stable
        Whether no proper coalition gains by leaving.
    singles
        Every single member with what it would gain alone (money; negative: it would lose).
    blocking
        The ten proper coalitions that would gain most, with their gains, largest first.
    grand
        Collected minus the least cost of all together: > 0 too much (all together block), < 0 too little.
    optimum
        That least cost ``C(N)``.
    baseline, savings
        What savings are measured against, and what each member saves, in member order.
    subsidies
        Least total money, paid to members, that keeps every proper coalition; in member order. What all together
        would gain is not part of it: no subsidy changes that they waste `grand`.
    """

    stable: bool
    singles: tuple[tuple[str, Fraction], ...]
    blocking: tuple[tuple[tuple[str, ...], Fraction], ...]
    grand: Fraction
    optimum: Fraction
    baseline: str
    savings: tuple[Fraction, ...]
    subsidies: tuple[Fraction, ...]

    @property
    def players(self) -> tuple[str, ...]:
        """The members."""
        return tuple(self.game.players)

    @property
    def bills(self) -> tuple[Fraction, ...]:
        """The bills that were judged, in member order."""
        return tuple(self.profile["bills"])

    @property
    def subsidy(self) -> Fraction:
        """The smallest subsidy: the sum of `subsidies`."""
        return sum(self.subsidies, Fraction(0))

    def __str__(self) -> str:
        def money(amount: Fraction) -> str:
            return f"{float(amount):.6g}"

        def listed(amounts: Iterable[tuple[str, Fraction]]) -> str:
            return ", ".join(f"{name} {money(amount)}" for name, amount in amounts)

        groups = [(f"({', '.join(names)})", gain) for names, gain in self.blocking]
        if self.stable:
            head = "stable: no proper coalition would save on its own"
        else:
            head = f"not stable: {groups[0][0]} would save {money(groups[0][1])} on their own"
        if self.grand == 0:
            whole = f"the bills add up to the least cost, {money(self.optimum)}"
        else:
            word = "more" if self.grand > 0 else "less"
            whole = f"the bills collect {money(abs(self.grand))} {word} than the least cost, {money(self.optimum)}"
        return "\n".join(
            (
                head,
                f"would gain alone: {listed(self.singles)}",
                *([f"would gain as a group: {listed(groups)}"] if groups else []),
                f"all together: {whole}",
                f"saves against {self.baseline}: {listed(zip(self.players, self.savings, strict=True))}",
                f"smallest subsidy that would hold it: {money(self.subsidy)} "
                f"({listed(zip(self.players, self.subsidies, strict=True))})",
                str(self.certificate),
            )
        )
