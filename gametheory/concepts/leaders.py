"""Leaders and followers: those who commit first, and those who answer."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

from gametheory.concepts._engine import solved
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.base import lower
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.result import Concept, Equilibria, LeaderFollower

__all__ = ["stackelberg_equilibria", "stackelberg_equilibrium"]

#: Form -> the solver that is used when none is named.
_ONE: dict[str, str] = {
    "LoanPricingGame": "gametheory.solvers.pricing.loan_price_sweep:LoanPriceSweep",
    "LogPricingGame": "gametheory.solvers.pricing.log_price_sweep:LogPriceSweep",
    "CongestedPricingGame": "gametheory.solvers.pricing.congested_sweep:CongestedPriceSweep",
    "MultiLeaderGame": "gametheory.solvers.epec.diagonalisation:Diagonalisation",
    "PricingGame": "gametheory.solvers.pricing.price_sweep:PriceSweep",
    "StackelbergGame": "gametheory.solvers.bilevel.branch_and_bound:ComplementarityBranchAndBound",
}
_ALL: dict[str, str] = {
    "MultiLeaderGame": "gametheory.solvers.epec.pattern_enumeration:PatternEnumeration",
}
#: Form -> what a profile means in energy and money: ``f(game, profile)``, and the profile's entries by who decides.
_OUTCOMES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "LogPricingGame": (
        "gametheory.models.microgrid_operator:outcome",
        ("buy_prices", "sell_prices"),
        ("consumptions",),
    ),
    "CongestedPricingGame": (
        "gametheory.models.multi_microgrid:outcome",
        ("buy_prices", "sell_prices", "multipliers"),
        ("consumptions",),
    ),
    "PricingGame": (
        "gametheory.models.operator_pricing:outcome",
        ("buy_prices", "sell_prices"),
        ("adjustments",),
    ),
}
_TIES = ("optimistic", "pessimistic")


def stackelberg_equilibrium(
    game: Any, *, solver: Any = None, certify: str | bool = "auto", tie_breaking: str = "optimistic"
) -> LeaderFollower:
    """Return what a leader commits to when it foresees every follower's best reply.

    Parameters
    ----------
    game
        A game with a leader, or a model that lowers itself to one.
    solver
        A solver object of ``gametheory.solvers``; left out, one that fits the game form.
    certify
        ``"auto"``: every answer is checked, the leader's decision against all others.
    tie_breaking
        Where a follower is indifferent: ``"optimistic"`` takes the reply that is best for the leader,
        ``"pessimistic"`` the worst, and the value may then be a supremum that is not attained. In the price games
        every reply is unique, so both give the same answer. A solver object brings its own.

    Returns
    -------
    LeaderFollower
        For a price leader: ``.leader`` holds ``buy_prices`` and ``sell_prices`` (a tuple over steps each),
        ``.follower`` the replies (players x steps), ``.value`` the profit, ``.bound`` a rigorous bound on the profit
        at any other prices, and ``.details`` energies, regimes, profits a step and costs a follower. For a lender:
        ``price``, the loan of each borrower, and how many borrow. For a two-player
        finite game: the first player's best mixed strategy to commit to, the follower's reply, and ``.attained``.
        For a ``StackelbergGame``: decisions by player and variable, the global optimum in rationals. A pessimistic
        value that no decision attains has ``.attained`` False: ``.leader`` is then a limit, and ``.details["toward"]``
        a decision from which it is approached. For a ``MultiLeaderGame``: one equilibrium of the leaders, ``.value``
        and ``.bound`` with a number for each of them; where their replies come round again ``.status`` is ``"cycle"``
        and ``.details["cycle"]`` holds the decisions (:func:`stackelberg_equilibria` says whether there is one).

    Raises
    ------
    InputError
        ``tie_breaking`` is neither word.
    UnsupportedGame
        There is no solver for this game form, or ties decide a pessimistic value and it cannot be computed.
    Infeasible, Unbounded
        Of a ``StackelbergGame``: no decision leaves optimal replies, or the leader gains for ever.

    Examples
    --------
    >>> from gametheory.models.operator_pricing import OperatorPricing
    >>> model = OperatorPricing.from_parameters(
    ...     net_load=[2, -2], curvature=[1, 1], slope=[6, 4], retail_price=10, feed_in=0
    ... )
    >>> solution = stackelberg_equilibrium(model)
    >>> solution.value, solution.details["regimes"]
    (Fraction(9, 2), ('balanced',))
    >>> print(solution.certificate)
    [exact] every trader answers optimally and no other prices earn the operator more (bound 0)
    """
    if tie_breaking not in _TIES:
        raise InputError(f"tie_breaking={tie_breaking!r} is not known; give {' or '.join(map(repr, _TIES))}")
    if solver is None and isinstance(lower(game), NormalFormGame):
        from gametheory.solvers.normal_form.commitment import MixedCommitment

        solver = MixedCommitment(tie_breaking=tie_breaking)
    elif solver is None and isinstance(lower(game), StackelbergGame):
        from gametheory.solvers.bilevel.branch_and_bound import ComplementarityBranchAndBound

        solver = ComplementarityBranchAndBound(tie_breaking=tie_breaking)
    elif isinstance(lower(game), MultiLeaderGame) and tie_breaking != "optimistic":
        raise UnsupportedGame("tie_breaking='pessimistic': with several leaders only 'optimistic' is solved")
    found: LeaderFollower = solved(
        game, Concept.STACKELBERG, solver=solver, defaults=_ONE, kind=LeaderFollower, certify=certify
    )
    found = replace(
        found, details={**found.details, "tie_breaking": found.parameters.get("tie_breaking", tie_breaking)}
    )
    if isinstance(found.game, MultiLeaderGame):
        return found
    if type(found.game).__name__ in _OUTCOMES:
        found = _in_energy_and_money(found)
    # A refutation by a follower's better reply says nothing about the leader.
    regret = found.certificate.witness.get("leader_regret", 0)
    pays = isinstance(found.game, StackelbergGame) and found.game.sense == "cost"
    return replace(found, bound=found.value + (-regret if pays else regret))


def stackelberg_equilibria(game: Any, *, solver: Any = None, certify: str | bool = "auto") -> Equilibria:
    """Return all equilibria of several leaders over common followers, or the proof that there is none.

    Linear-quadratic games: every pattern of tight constraints of all players is closed in rationals, and of every point
    that satisfies the first-order conditions each leader's deviations are bounded globally. ``.complete`` is True only
    where the checker followed that proof; an empty list that is complete says that no equilibrium exists.

    Raises
    ------
    SizeLimit
        There are too many patterns.
    UnsupportedGame
        There is no solver for this game form.

    Examples
    --------
    Pang and Fukushima's leaders: one has a price above, the other below what its followers' reply is worth to it.

    >>> from gametheory.catalogue import catalogue
    >>> none = stackelberg_equilibria(catalogue("pang_fukushima_2005").game)
    >>> len(none), none.complete
    (0, True)
    >>> print(none.certificate)
    [exact] the leaders have no equilibrium (bound 0)
    """
    found: Equilibria = solved(
        game, Concept.STACKELBERG_SET, solver=solver, defaults=_ALL, kind=Equilibria, certify=certify
    )
    if found.complete and not found.certificate.witness.get("complete", False):
        missing = found.certificate.witness.get("missing", "")
        found = replace(found, complete=False, reason=f"the checker could not follow the proof: {missing}")
    return found


def _in_energy_and_money(found: LeaderFollower) -> LeaderFollower:
    """Return a price leader's solution with its decisions by name, and what they bring by the model's formulas."""
    place, leading, following = _OUTCOMES[type(found.game).__name__]
    module, name = place.split(":")
    details = getattr(importlib.import_module(module), name)(found.game, found.profile)
    value = details.pop("value")
    return replace(
        found,
        leader={key: found.profile[key] for key in leading},
        follower={key: found.profile[key] for key in following},
        value=value,
        details={**found.details, **details},
    )
