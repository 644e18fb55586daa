"""The study's economy: calibration, the infimal convolution behind the sharing game, and the pooled cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy

from gametheory.arithmetic import clip
from gametheory.models.economy import calibrated_slope, discomfort, grid_bill, member_cost

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem
from .theory.bondareva_shapley import MINIMAL
from .theory.three_players import FULL, PROPER, total

__all__ = ["THEOREMS", "subgradient"]

C, D, LOW, HIGH, P = sympy.symbols("c d low high p", real=True)
RETAIL, FEED = sympy.symbols("retail feed", real=True)
Z, W = sympy.symbols("z w", real=True)


def _calibrated() -> Iterator[Step]:
    size = sympy.Symbol("size", real=True)
    for sign, word in ((1, "importing"), (-1, "exporting"), (0, "balanced")):
        slope = calibrated_slope(sign, RETAIL, FEED)
        at = sign * size
        yield Unsat(
            f"{word}: no adjustment lowers discomfort plus grid bill",
            [C >= 0, size > 0, FEED <= RETAIL],  # a position of this sign and any size
            member_cost(P, at, C, slope, RETAIL, FEED) >= member_cost(sympy.Integer(0), at, C, slope, RETAIL, FEED),
        )


def _calibrated_mutant() -> Step:
    slope = calibrated_slope(-1, RETAIL, FEED)
    return Unsat(
        "the slope of an exporter at an importing member",
        [C > 0, Z > 0, FEED <= RETAIL],
        member_cost(P, Z, C, slope, RETAIL, FEED) >= member_cost(sympy.Integer(0), Z, C, slope, RETAIL, FEED),
    )


def _best_adjustment(position: Any) -> Any:
    """Return the minimiser that the theorem claims: the balanced adjustment, clipped by prices, then by bounds."""
    return clip(clip(position, (FEED - D) / C, (RETAIL - D) / C), LOW, HIGH)


def subgradient(position: Any, adjustment: Any) -> Any:
    """Return the slope of the infimal convolution: retail if it imports, feed-in if it exports, clipped otherwise."""
    return sympy.Piecewise(
        (RETAIL, position > adjustment),
        (FEED, position < adjustment),
        (clip(C * position + D, FEED, RETAIL), True),
    )


def _convolution() -> Iterator[Step]:
    domain = [C > 0, FEED <= RETAIL, LOW <= HIGH]
    best, s = sympy.symbols("best s", real=True)
    # The minimiser and the slope are named and characterised case by case; then the tangent inequality is decided.
    cases = {
        "import": [sympy.Eq(best, _best_adjustment(Z)), best < Z, sympy.Eq(s, RETAIL)],
        "export": [sympy.Eq(best, _best_adjustment(Z)), best > Z, sympy.Eq(s, FEED)],
        "neither": [sympy.Eq(best, _best_adjustment(Z)), sympy.Eq(best, Z), sympy.Eq(s, clip(C * Z + D, FEED, RETAIL))],
    }
    for word, case in cases.items():
        yield Unsat(
            f"{word}: the claimed adjustment and slope support the cost from below at every position and adjustment",
            [*domain, LOW <= P, P <= HIGH, *case],
            member_cost(P, W, C, D, RETAIL, FEED) >= member_cost(best, Z, C, D, RETAIL, FEED) + s * (W - Z),
        )
    yield Unsat(
        "the three cases agree with the formula of the slope, and there are no others",
        [*domain, sympy.Eq(best, _best_adjustment(Z)), sympy.Eq(s, subgradient(Z, best))],
        sympy.Or(
            sympy.And(best < Z, sympy.Eq(s, RETAIL)),
            sympy.And(best > Z, sympy.Eq(s, FEED)),
            sympy.And(sympy.Eq(best, Z), sympy.Eq(s, clip(C * Z + D, FEED, RETAIL))),
        ),
    )
    yield Unsat(
        "the claimed adjustment lies within the bounds",
        domain,
        sympy.And(_best_adjustment(Z) >= LOW, _best_adjustment(Z) <= HIGH),
    )
    h, m = sympy.symbols("h m", real=True)
    bill = grid_bill(m, RETAIL, FEED)
    yield Unsat(
        "the cost of a position rises by at most retail and at least feed-in a unit: every slope lies between them",
        [FEED <= RETAIL, h >= 0],
        sympy.And(
            grid_bill(m + h, RETAIL, FEED) <= bill + RETAIL * h, grid_bill(m - h, RETAIL, FEED) <= bill - FEED * h
        ),
    )


def _convolution_mutant() -> Step:
    return Unsat(
        "always balance oneself if the marginal discomfort is below retail",
        [C > 0, FEED <= RETAIL, LOW <= P, P <= HIGH, LOW <= Z, Z <= HIGH, C * Z + D <= RETAIL],
        member_cost(P, Z, C, D, RETAIL, FEED) >= member_cost(Z, Z, C, D, RETAIL, FEED),
    )


_LAM = sympy.Symbol("lam", real=True)
_N = 3
_CS, _DS, _ZS, _PS, _LO, _HI = (sympy.symbols(f"{name}0:{_N}", real=True) for name in ("c", "d", "z", "p", "lo", "hi"))


def _answer(i: int) -> Any:
    """Return a member's best adjustment at a price: marginal discomfort equals the price, within the bounds."""
    return clip((_LAM - _DS[i]) / _CS[i], _LO[i], _HI[i])


def _share(i: int, adjustment: Any) -> Any:
    """Return discomfort plus the rest of the position at the price; ``phi_i(lam)`` is its minimum."""
    return discomfort(adjustment, _CS[i], _DS[i]) + _LAM * (_ZS[i] - adjustment)


def _pooled_cost(adjustments: Sequence[Any]) -> Any:
    members = range(len(adjustments))
    position = sum(_ZS[i] - adjustments[i] for i in members)
    return sum(discomfort(adjustments[i], _CS[i], _DS[i]) for i in members) + grid_bill(position, RETAIL, FEED)


_SUPPORTING = (FEED <= _LAM, _LAM <= RETAIL)


def _no_coalition_blocks() -> Iterator[Step]:
    m = sympy.Symbol("m", real=True)
    yield Unsat("the grid bill is at least price times position", _SUPPORTING, grid_bill(m, RETAIL, FEED) >= _LAM * m)
    yield Unsat(
        "a member's answer to the price is within its bounds, and no other adjustment has a smaller share",
        [_CS[0] > 0, _LO[0] <= _HI[0], _LO[0] <= _PS[0], _PS[0] <= _HI[0]],
        sympy.And(_share(0, _PS[0]) >= _share(0, _answer(0)), _answer(0) >= _LO[0], _answer(0) <= _HI[0]),
    )
    phi = sympy.symbols(f"phi0:{_N}", real=True)
    for size in range(1, _N + 1):
        smallest = [phi[i] <= _share(i, _PS[i]) for i in range(size)]
        yield Unsat(
            f"{size} member(s): at any adjustments the pooled cost is at least the sum of their shares",
            [*_SUPPORTING, *smallest],
            sum(phi[:size]) <= _pooled_cost(_PS[:size]),
        )


def _shares_add_up() -> Iterator[Step]:
    m = sympy.Symbol("m", real=True)
    clearing = sympy.Or(
        sympy.Eq(m, 0), sympy.And(sympy.Eq(_LAM, FEED), m <= 0), sympy.And(sympy.Eq(_LAM, RETAIL), m >= 0)
    )
    yield Unsat(
        "at a clearing price (position zero, or a grid price on its own side) the grid bill is price times position",
        [*_SUPPORTING, clearing],
        sympy.Eq(grid_bill(m, RETAIL, FEED), _LAM * m),
    )
    position = sum(_ZS[i] - _PS[i] for i in range(_N))
    yield Identity(
        "so the pooled cost is the sum of the shares",
        [
            _pooled_cost(_PS)
            - grid_bill(position, RETAIL, FEED)
            + _LAM * position
            - sum(_share(i, _PS[i]) for i in range(_N))
        ],
    )
    higher = sympy.Symbol("higher", real=True)
    yield Unsat(
        "a member's answer does not fall with the price, so the position does not rise and a clearing price exists",
        [_CS[0] > 0, _LO[0] <= _HI[0], higher >= _LAM],
        _answer(0).subs(_LAM, higher) >= _answer(0),
    )


def _core() -> Iterator[Step]:
    yield from _no_coalition_blocks()
    yield from _shares_add_up()


def _core_mutant() -> Step:
    m = sympy.Symbol("m", real=True)
    return Unsat("any price", [FEED <= RETAIL], grid_bill(m, RETAIL, FEED) >= _LAM * m)


def _balanced() -> Iterator[Step]:
    yield from _no_coalition_blocks()
    yield from _shares_add_up()
    phi = sympy.symbols(f"phi0:{_N}", real=True)
    cost = {S: sympy.Symbol(f"C{S}", real=True) for S in (*PROPER, FULL)}
    below = [cost[S] >= total(phi, S) for S in PROPER]
    whole = sympy.Eq(cost[FULL], sum(phi))
    for sets, weights in MINIMAL.items():
        average = sum(sympy.Rational(w.numerator, w.denominator) * cost[S] for S, w in zip(sets, weights, strict=True))
        yield Unsat(f"balanced collection {sets}", [*below, whole], average >= cost[FULL])


def _balanced_mutant() -> Step:
    # Without pooling of signs: if the community were billed by its members one by one, nothing would be gained.
    first, second = _ZS[:2]
    return Unsat(
        "additive",
        [FEED < RETAIL],
        sympy.Eq(
            grid_bill(first + second, RETAIL, FEED), grid_bill(first, RETAIL, FEED) + grid_bill(second, RETAIL, FEED)
        ),
    )


_SOURCE = "the package's study of one economy under five structures"
_ECONOMY = ("economy",)

THEOREMS = (
    Theorem(
        id="S-P1",
        statement="With the slope calibrated to the marginal grid price, not adjusting is optimal: the measured bill "
        "is the baseline",
        domain="c >= 0, any position, feed_in <= retail (negative prices allowed)",
        source=_SOURCE,
        proof=_calibrated,
        mutant=Mutant(
            "The feed-in price may calibrate an importing member",
            _calibrated_mutant,
            {C: 1, Z: 1, FEED: 0, RETAIL: 1, P: sympy.Rational(1, 2)},
        ),
        models=_ECONOMY,
    ),
    Theorem(
        id="S-P2",
        statement="The infimal convolution of discomfort and grid bill is attained at the self-balancing adjustment "
        "clipped to [(feed_in - d)/c, (retail - d)/c] and to the bounds, is convex, and has slope retail, feed_in or "
        "c z + d clipped between them",
        domain="c > 0, feed_in <= retail, low <= high, any position",
        source=_SOURCE,
        proof=_convolution,
        mutant=Mutant(
            "Balancing oneself is optimal whenever the marginal discomfort is at most retail",
            _convolution_mutant,
            {C: 1, D: 0, FEED: 0, RETAIL: 1, LOW: -2, HIGH: 0, Z: -2, P: 0},
        ),
        models=_ECONOMY,
    ),
    Theorem(
        id="S-P5",
        statement="The price-supported split of the pooled cost adds up at a clearing price; no coalition blocks it",
        domain="c_i > 0, lo_i <= hi_i, feed_in <= retail, up to 3 members in symbols (one inequality a member, added)",
        source=_SOURCE,
        proof=_core,
        mutant=Mutant(
            "The same at every price, above retail too",
            _core_mutant,
            {_LAM: 2, FEED: 0, RETAIL: 1, sympy.Symbol("m", real=True): 1},
        ),
        models=_ECONOMY,
        uses="the intermediate value theorem for the position as a function of the price",
    ),
    Theorem(
        id="S-P6",
        statement="The pooled cost game is totally balanced: balanced collections of any three members cost at least "
        "what they cost together",
        domain="as S-P5; subsets of the community are communities",
        source=_SOURCE,
        proof=_balanced,
        mutant=Mutant(
            "Pooling gains nothing: the grid bill is additive",
            _balanced_mutant,
            {FEED: 0, RETAIL: 1, _ZS[0]: 1, _ZS[1]: -1},
        ),
        models=_ECONOMY,
        uses="the minimal balanced collections of three players (T-BALANCED)",
    ),
)
