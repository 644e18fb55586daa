"""Structure 5: the least cost of all together, and the split that its prices support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.concepts import social_optimum
from gametheory.efficiency.comparison import Outcome, Structure
from gametheory.games.pooled import PooledGame
from gametheory.models.pooled_community import PooledCommunity
from gametheory.study.economy import Amounts, Economy, difference, discomforts, total

__all__ = ["Optimal", "optimise", "play_optimum", "solve_optimum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal:
    """A certified optimum of members who pool, and what follows from it.

    Attributes
    ----------
    value
        The least total cost (money), and `key` the claim that says so.
    prices
        The dual price of each step (money/kWh).
    positions
        What each member takes (kWh), a row a member.
    pains, shares
        Discomfort of each member, and its net cost at the dual prices (money).
    """

    key: str
    game: PooledGame
    value: Fraction
    prices: Amounts
    positions: tuple[Amounts, ...]
    pains: Amounts
    shares: Amounts

    @property
    def grid_energy(self) -> Amounts:
        """What all take from the grid together at each step (kWh)."""
        return tuple(total(column) for column in zip(*self.positions, strict=True))


def optimise(economy: Economy, game: PooledGame, net_load: Sequence[Amounts], name: str) -> Optimal:
    """Solve a pooled game, add the claim under `name`, and derive what each member takes and bears."""
    best = social_optimum(game)
    adjustments = best.profile["adjustments"]
    return Optimal(
        key=economy.claim(name, best),
        game=game,
        value=best.value,
        prices=best.profile["prices"],
        positions=tuple(difference(net, own) for net, own in zip(net_load, adjustments, strict=True)),
        pains=discomforts(game.steps, adjustments),
        shares=best.certificate.witness["price_supported"],
    )


def solve_optimum(economy: Economy) -> Optimal:
    """Return the optimum of the whole community."""
    game = PooledCommunity(economy.community, elasticity=economy.elasticity).to_game()
    return optimise(economy, game, economy.community.exact_net_load, "optimum")


def play_optimum(best: Optimal, alone: Amounts) -> Structure:
    """Return the structure: every member pays the grid's price at the margin, ``sum_t phi_it(lam*_t)``."""
    outcome = Outcome(
        name="optimum",
        bills=difference(best.shares, best.pains),
        discomforts=best.pains,
        savings=difference(alone, best.shares),
        checks={"bills": best.key, "discomforts": best.key, "net_costs": best.key},
    )
    return Structure(
        name="optimum",
        outcomes=(outcome,),
        prices={"price": best.prices},
        grid_energy=best.grid_energy,
        notes=("Bills are those of the price-supported split; other splits stand under the coalition.",),
        checks={"social_cost": best.key, "prices": best.key, "grid_energy": best.key},
    )
