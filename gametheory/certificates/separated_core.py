"""Whether a coalition of a pooled or linear-programming game blocks an allocation, judged by a tree of duals."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.separation import Separation, largest_gain, read_separation
from gametheory.errors import InputError
from gametheory.result import Certificate, Strength

__all__ = ["check_membership", "check_stability"]


def check_stability(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """State whether a coalition would pay less on its own, who and by how much, for any number of players.

    The witness is a proof by separation: the coalitions said to gain most, each with a plan (what it can do on its own)
    and shares (what it cannot do better), and a tree that bounds all others. "Blocked" is exact: the plan shows it.
    "No coalition blocks" is exact where the tree's bound is 0 or less, and *bounded* where it is a positive number, as
    rounded multipliers may leave: then nobody gains more than that.

    The certificate's witness holds ``coalitions`` (with their gains, largest first), ``others`` (what no other proper
    coalition gains more than), ``grand`` and ``grand_at_most`` (collected minus ``C(N)``, at least and at most).

    Raises
    ------
    InputError
        An allocation of wrong length; no proof, or one that is none.
    """
    amounts = read_allocation(game.players, profile)
    proof = read_separation(game, witness)
    size = len(amounts)
    grand = next((c for c in proof.named if len(c.members) == size), None)
    if grand is None:
        raise InputError("the proof does not name the coalition of all players; take the witness as the solver gave it")
    total = sum(amounts, Fraction(0))
    ranked = sorted(
        ((sum((amounts[i] for i in c.members), Fraction(0)) - c.above, c) for c in proof.named if c is not grand),
        key=lambda pair: (-pair[0], len(pair[1].members), pair[1].mask),
    )
    gains = tuple((tuple(game.players[i] for i in sorted(c.members)), gain) for gain, c in ranked)
    others = _others(proof, amounts, [gain for gain, _ in ranked])
    largest = max([others, *(sum((amounts[i] for i in c.members), Fraction(0)) - c.below for _, c in ranked)])
    excess, at_most = total - grand.above, total - grand.below
    best = gains[0][1] if gains else Fraction(0)
    if best > 0:
        names = gains[0][0] if len(gains[0][0]) <= 12 else (*gains[0][0][:10], f"and {len(gains[0][0]) - 10} more")
        claim = f"blocked by ({', '.join(names)}), gain {brief(best)}"
        claim += "" if largest <= best else f"; no coalition gains more than {brief(largest)}"
    elif largest > 0:
        claim = f"no coalition gains more than {brief(largest)}"
    else:
        claim = "no proper coalition blocks" if excess or at_most > 0 else "no coalition blocks"
    if excess > 0:
        claim += f"; all together pay {brief(excess)} more than they need to"
    elif total < grand.below:
        claim += f", but the shares miss the least cost by {brief(grand.below - total)}"
    elif at_most > 0:  # a plan that is not the best one, or prices that are not: what all together pay is not decided
        claim += f"; that all together pay no more than {brief(at_most)} too much is all the proof shows"
    return Certificate(
        strength=Strength.EXACT if best > 0 or (largest <= 0 and not excess <= 0 < at_most) else Strength.BOUNDED,
        claim=claim,
        bound=largest,
        witness={
            "coalitions": gains,
            "others": others,
            "grand": excess,
            "grand_at_most": at_most,
            "optimum": grand.above,
        },
        epsilon=exact(epsilon, what="epsilon"),
    )


def _others(proof: Separation, amounts: tuple[Fraction, ...], gains: list[Fraction]) -> Fraction:
    """Return what no coalition beside those named, nobody and all gains more than."""
    size = len(amounts)
    if size == 1:
        return Fraction(0)
    kept = {0, 2**size - 1, *(c.mask for c in proof.named)}
    threshold = max(gains[-1] if len(gains) else Fraction(0), Fraction(0))
    return largest_gain(proof, amounts, threshold, lambda mask, _: mask in kept)


def check_membership(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this allocation is in the core" by the same proof: it adds up to ``C(N)`` and no coalition blocks it.

    *Bounded* where the tree leaves a positive number, larger than `epsilon`, that nobody gains more than.
    """
    claimed = exact(epsilon, what="epsilon")
    stated = check_stability(game, profile, witness=witness)
    evidence = stated.witness
    gain = evidence["coalitions"][0][1] if evidence["coalitions"] else Fraction(0)
    # C(N) lies between two numbers; only what is missed wherever it lies refutes, only what may be missed is a bound.
    low, high = evidence["grand"], evidence["grand_at_most"]
    refuted = gain > claimed or max(low, -high) > claimed
    bound = max(stated.bound, high, -low, Fraction(0))
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.EXACT if bound <= claimed else Strength.BOUNDED,
        claim="the allocation is in the core"
        + ("" if claimed == 0 else f" up to an excess of {brief(claimed)}")
        + ("" if not refuted and bound <= claimed else f": {stated.claim}"),
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )
