"""What a solver hands up (`Answer`), what a user gets (`Solution`), and what proves it (`Certificate`).

An :class:`Answer` is unproved. ``concepts.py`` gives it to a checker and wraps both in a :class:`Solution`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.arithmetic import FloatArray, Number, exact, rational_text, to_float
from gametheory.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Allocation",
    "Answer",
    "Certificate",
    "Characteristic",
    "Concept",
    "Core",
    "CoreCheck",
    "CoreMembership",
    "Elimination",
    "Equilibria",
    "Equilibrium",
    "LeaderFollower",
    "Optimum",
    "PriceOfAnarchy",
    "Solution",
    "Status",
    "Strength",
]


class Concept(StrEnum):
    """The solution concepts, by the field's names; each is also the name of its front-door function."""

    NASH = "nash_equilibrium"
    NASH_SET = "nash_equilibria"
    VARIATIONAL = "variational_equilibrium"
    CORRELATED = "correlated_equilibrium"
    COARSE_CORRELATED = "coarse_correlated_equilibrium"
    QUANTAL_RESPONSE = "quantal_response_equilibrium"
    STACKELBERG = "stackelberg_equilibrium"
    OPTIMUM = "social_optimum"
    PRICE_OF_ANARCHY = "price_of_anarchy"
    PRICE_OF_STABILITY = "price_of_stability"
    BEST_RESPONSE = "best_response"
    DOMINANCE = "dominance"
    SHAPLEY = "shapley_value"
    BANZHAF = "banzhaf_value"
    CORE = "core"
    CORE_CHECK = "core_check"
    LEAST_CORE = "least_core"
    NUCLEOLUS = "nucleolus"
    PRENUCLEOLUS = "prenucleolus"
    CHARACTERISTIC = "characteristic_function"
    SETTLEMENT = "settlement"


class Status(StrEnum):
    """How a computation ended."""

    SOLVED = "solved"
    NOT_CONVERGED = "not converged"
    NO_EQUILIBRIUM_FOUND = "no equilibrium found"
    NOT_APPLICABLE = "not applicable"

    @property
    def advice(self) -> str:
        """What to do about it, in a sentence."""
        return _ADVICE[self]


_ADVICE = {
    Status.SOLVED: "The certificate says how sure the answer is.",
    Status.NOT_CONVERGED: "The last iterate is returned; raise the iteration limit, damp, or try another solver=.",
    Status.NO_EQUILIBRIUM_FOUND: "No point passed the check; an equilibrium may not exist. The witness is a deviation.",
    Status.NOT_APPLICABLE: "The rule is not defined on this data; the message names the step.",
}


class Strength(StrEnum):
    """How a claim was decided."""

    EXACT = "exact"
    BOUNDED = "bounded"
    STATISTICAL = "statistical"
    REFUTED = "refuted"


def _frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(mapping))


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The verdict of an independent checker on one claim.

    Attributes
    ----------
    strength
        ``exact`` (decided without rounding), ``bounded`` (a rigorous enclosure), ``statistical`` (a confidence
        interval) or ``refuted`` (the claim is false; `witness` shows it).
    claim
        The sentence that was judged.
    bound
        The measured regret or excess: a Fraction if it is exact, else a rigorous upper bound.
    witness
        What lets a reader check the verdict: multipliers, a deviation, a coalition.
    epsilon
        What the solver claimed before the check (0 where it claims exactness).
    """

    strength: Strength
    claim: str
    bound: Number
    witness: Mapping[str, Any] = field(default_factory=dict)
    epsilon: Number = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", Strength(self.strength))
        object.__setattr__(self, "witness", _frozen(self.witness))

    def holds(self, tolerance: Number = 0) -> bool:
        """Whether the claim is not refuted and `bound` is at most `tolerance`.

        Examples
        --------
        >>> Certificate(strength="exact", claim="regret 0", bound=Fraction(0)).holds()
        True
        """
        return self.strength is not Strength.REFUTED and bool(exact(self.bound) <= exact(tolerance))

    def __str__(self) -> str:
        size = "0" if self.bound == 0 else f"{to_float(self.bound):.6g}"
        return f"[{self.strength.value}] {self.claim} (bound {size})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a solver hands up, before anybody has checked it.

    Attributes
    ----------
    profile
        The strategies, allocation or decision, in the form that the game's checker reads.
    epsilon
        The regret or excess that the solver claims; 0 claims exactness.
    witness
        Data that helps a checker decide (dual prices, supports). A checker never trusts it.
    extra
        Fields for the solution beyond the profile, by name.
    """

    profile: Any
    status: Status = Status.SOLVED
    epsilon: Number = 0
    iterations: int = 0
    witness: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A solved game with its certificate.

    Attributes
    ----------
    game
        The lowered game: plain data, enough to check the claim without the model.
    concept, method, status, parameters, iterations, wall_time
        What was asked, who answered, how it ended, with which settings, in how many steps and seconds.
    profile
        The answer in the form the checker reads.
    witness
        Data that helped the checker.
    certificate
        The verdict.
    provenance
        Model, its parameters, hash of the input, versions.
    """

    game: Any
    concept: Concept
    profile: Any
    method: str
    certificate: Certificate
    status: Status = Status.SOLVED
    parameters: Mapping[str, Any] = field(default_factory=dict)
    iterations: int = 0
    wall_time: float = 0.0
    epsilon: Number = 0
    witness: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "concept", Concept(self.concept))
        object.__setattr__(self, "status", Status(self.status))
        for name in ("parameters", "witness", "provenance"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    # The facades import upward inside their bodies; setup.cfg names each edge.
    def to_json(self, path: str | Path | None = None) -> str:
        """Return the whole solution as JSON (and write it to `path`, all or nothing)."""
        from gametheory.io.solutions import dumps, write_text

        text = dumps(self)
        if path is not None:
            write_text(path, text)
        return text

    def to_frame(self) -> Any:
        """Return the answer as a pandas frame, one row a player (and step)."""
        from gametheory.report.frames import solution_frame

        return solution_frame(self)

    def plot(self, **options: Any) -> Any:
        """Return a matplotlib figure of the answer (extra ``[plot]``)."""
        from gametheory.report.plots import plot_solution

        return plot_solution(self, **options)

    def explain(self) -> str:
        """Return in words what was asked, what came out and how sure it is."""
        from gametheory.report.explain import explain_solution

        return explain_solution(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from gametheory.report.explain import solution_html

        return solution_html(self)

    def __str__(self) -> str:
        return f"{self.concept} by {self.method}: {self.status}\n{self.certificate}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium(Solution):
    """An equilibrium of a game.

    Attributes
    ----------
    point
        Strategies by player (or variable) name.
    payoffs
        Payoffs (or costs, where the game speaks of costs) in player order.
    unique, unique_reason
        ``"proved"``, ``"disproved"`` or ``"unknown"``, and why.
    details
        Further quantities by name (prices, energies, multipliers).
    """

    point: Mapping[str, Any] = field(default_factory=dict)
    payoffs: tuple[Any, ...] = ()
    unique: str = "unknown"
    unique_reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibria(Solution):
    """All equilibria of a finite game, or as many as were found: iterate over the profiles.

    Attributes
    ----------
    complete
        True only where a rigorous argument shows that nothing is missing.
    reason
        That argument, or what is missing.
    components
        The connected components of the set of equilibria. Each is a tuple of maximal Nash subsets, and each of these
        holds for every player the extreme strategies whose hull it is; hulls multiply. A single equilibrium is a
        component of one subset with one strategy a player.
    indices
        The index of each component where it is known, else None; over all components they sum to +1.
    """

    complete: bool = False
    reason: str = ""
    components: tuple[Any, ...] = ()
    indices: tuple[int | None, ...] = ()

    @property
    def extreme(self) -> tuple[Any, ...]:
        """The extreme equilibria: every equilibrium is a convex combination of some of these, or is one of them."""
        return tuple(self.profile)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.profile)

    def __len__(self) -> int:
        return len(self.profile)

    def __getitem__(self, k: int) -> Any:
        return self.profile[k]

    def __str__(self) -> str:
        word = "complete" if self.complete else "perhaps not complete"
        return f"{len(self)} equilibria in {len(self.components)} components, {word}: {self.reason}\n{self.certificate}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elimination(Solution):
    """What remains of a finite game when dominated strategies are removed.

    Attributes
    ----------
    eliminated
        Each removal in order: ``round``, ``player``, ``strategy`` and what it is ``dominated by``.
    remaining
        The names of the strategies that remain, in player order.
    """

    eliminated: tuple[Mapping[str, Any], ...] = ()
    remaining: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderFollower(Solution):
    """A Stackelberg equilibrium.

    Attributes
    ----------
    leader, follower
        Decisions by name.
    value
        What the leader earns (or pays, where the game speaks of costs).
    bound
        A rigorous bound on what any other decision could bring the leader; equal to `value` where the claim is exact.
    attained
        False where the value is an infimum or supremum that no decision reaches.
    details
        Further quantities by name (regimes, energies, costs of the followers).
    """

    leader: Mapping[str, Any] = field(default_factory=dict)
    follower: Mapping[str, Any] = field(default_factory=dict)
    value: Number = 0
    bound: Number = 0
    attained: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum(Solution):
    """A social optimum: the least total cost (or the greatest total payoff) of all players together.

    Attributes
    ----------
    value
        The total.
    point
        Decisions by player name.
    details
        Further quantities by name (dual prices, energies).
    """

    value: Number = 0
    point: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


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
class PriceOfAnarchy(Solution):
    """How much worse than the optimum an equilibrium is: cost over cost, or optimal payoff over payoff; at least 1.

    `profile` holds the ``"equilibrium"`` that was compared and the ``"optimum"``.

    Attributes
    ----------
    interval
        (low, high): low is reached by an equilibrium found (for the price of stability: high is); the other end is
        None where nothing bounds it.
    equilibrium_total, optimum_total
        The totals of all players that are compared.
    reason
        Why the interval is no narrower, or why it is a point.
    """

    interval: tuple[Number | None, Number | None] = (None, None)
    equilibrium_total: Number = 0
    optimum_total: Number = 0
    reason: str = ""

    @property
    def value(self) -> Number | None:
        """The number, where both ends of the interval meet; else None."""
        low, high = self.interval
        return low if low is not None and low == high else None

    @property
    def worst_equilibrium(self) -> Any:
        """The profile of the equilibrium compared (for the price of stability: the best one)."""
        return self.profile["equilibrium"]

    @property
    def optimum(self) -> Any:
        """The profile of the optimum."""
        return self.profile["optimum"]

    def __str__(self) -> str:
        low, high = ("?" if end is None else f"{to_float(end):.6g}" for end in self.interval)
        return f"{self.concept} in [{low}, {high}]: {self.reason}\n{self.certificate}"


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

        certificate = certify(self.game, allocation, concept=Concept.CORE)
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
