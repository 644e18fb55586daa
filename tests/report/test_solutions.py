"""Pictures and words of solutions: every kind is drawn and told, and nothing is said that it does not hold."""

from __future__ import annotations

from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

import gametheory as gt
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.report.drawing import style, svg_text
from gametheory.report.explain import explain_solution
from gametheory.result import (
    Allocation,
    Certificate,
    Concept,
    Equilibria,
    Equilibrium,
    LeaderFollower,
    Optimum,
    Solution,
    Status,
)
from tests.report.studies import claim

F = Fraction
_SURE = Certificate(strength="exact", claim="by hand", bound=F(0))
_STEP = TradingStep.from_numbers([1, -1], [1, 1], [0, 0], buy_price=1, sell_price=0)
_POOL = PooledGame(("a", "b"), (_STEP, _STEP))
_DILEMMA = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]], players=("row", "column"))


def _made(kind: type[Solution], concept: Concept, profile: Any, game: Any = _POOL, **more: Any) -> Solution:
    return kind(game=game, concept=concept, profile=profile, method="ByHand", certificate=_SURE, **more)


SOLUTIONS = {
    "allocation": _made(Allocation, Concept.SHAPLEY, (F(1, 3), F(2, 3)), players=("a", "b"), exact=(F(1, 3), F(2, 3))),
    "sampled": _made(
        Allocation,
        Concept.SHAPLEY,
        (0.3, 0.7),
        players=("a", "b"),
        approximate=(0.3, 0.7),
        interval=((0.2, 0.4), (0.6, 0.8)),
    ),
    "finite": _made(Equilibrium, Concept.NASH, ((F(0), F(1)), 1), _DILEMMA, unique="proved", unique_reason="dominance"),
    "list": _made(Equilibria, Concept.NASH_SET, ((1, 1), (0, 0)), _DILEMMA, reason="two found"),
    "sharing": _made(
        Equilibrium,
        Concept.NASH,
        {"bids": ((F(1), F(2)), (F(3), F(4)))},
        point={"a": (F(1), F(2)), "b": (F(3), F(4))},
        details={"prices": (F(1, 2), F(1, 3)), "rule": "the lowest"},
    ),
    "leader": _made(
        LeaderFollower,
        Concept.STACKELBERG,
        {},
        leader={"x": F(2)},
        follower={"y": F(1)},
        value=F(4),
        bound=F(4),
        attained=False,
    ),
    "optimum": _made(Optimum, Concept.OPTIMUM, {"adjustments": ((F(1), F(2)), (F(0), F(0)))}, value=F(7, 3)),
    "not converged": _made(Solution, Concept.NASH, (F(1),), status=Status.NOT_CONVERGED, iterations=9),
}


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_kind_is_drawn_the_same_twice(name: str) -> None:
    with style():
        texts = [svg_text(SOLUTIONS[name].plot(), name="x", title="t", description="d") for _ in range(2)]
    assert texts[0] == texts[1]
    assert texts[0].startswith("<svg")


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_kind_is_told_with_its_claim(name: str) -> None:
    solution = SOLUTIONS[name]
    text = solution.explain()
    assert solution.certificate.claim in text
    assert solution.method in text
    assert solution.concept.value.replace("_", " ") in text
    assert (solution.status.advice in text) is (solution.status is not Status.SOLVED)


def _solved() -> dict[str, Solution]:
    park = gt.Community.sample().select(slice(8, 11))
    glove = gt.CoalitionalGame.glove(1, 2)
    no_core = gt.CoalitionalGame.weighted_majority(2, [1, 1, 1])
    return {
        "nash": gt.nash_equilibrium(_DILEMMA),
        "all": gt.nash_equilibria(_DILEMMA),
        "shapley": gt.shapley_value(glove),
        "core": gt.core(glove),
        "empty core": gt.core(no_core),
        "core check": gt.core_check(park, [1] * len(park)),
        "optimum": gt.social_optimum(gt.models.PooledCommunity(park)),
        "operator": gt.stackelberg_equilibrium(gt.models.OperatorPricing(park)),
        "sharing": gt.nash_equilibrium(gt.models.EnergySharing(park)),
        "correlated": gt.correlated_equilibrium(_DILEMMA),
        "dominance": gt.dominance(_DILEMMA),
    }


def test_every_front_door_answers_in_words_frames_and_pictures() -> None:
    for name, solution in _solved().items():
        assert solution.certificate.claim in solution.explain(), name
        assert len(solution.to_frame()) >= 1, name
        if name != "dominance":
            assert solution.plot().axes, name
    joint = _solved()["correlated"].to_frame()
    assert joint["value"].sum() == 1.0


def test_the_numbers_are_in_the_words() -> None:
    assert "1/3" in SOLUTIONS["allocation"].explain()
    assert "Value: 7/3" in SOLUTIONS["optimum"].explain()
    assert "Attained: False" in SOLUTIONS["leader"].explain()
    assert "prices: (1/2, 1/3)" in SOLUTIONS["sharing"].explain()
    assert "Answer: ((0, 1), 1)" in SOLUTIONS["finite"].explain()


def test_a_refuted_claim_is_told_with_its_witness() -> None:
    text = explain_solution(claim("refuted"))
    assert "How sure: refuted" in text
    assert "Witness:" in text


def test_bars_show_the_values() -> None:
    heights = [bar.get_height() for bar in SOLUTIONS["allocation"].plot().axes[0].patches]
    assert heights == [1 / 3, 2 / 3]
    second = SOLUTIONS["list"].plot(which=1).axes[0].patches
    assert [bar.get_height() for bar in second] == [1.0, 0.0]


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(InputError, match="which=2"):
        SOLUTIONS["list"].plot(which=2)
    with pytest.raises(InputError, match="no number to draw"):
        _made(Solution, Concept.NASH, {"x": "word"}).plot()


def test_a_notebook_shows_escaped_words() -> None:
    hostile = _made(Allocation, Concept.SHAPLEY, (F(1),), players=("<b>",), exact=(F(1),))
    seen: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)

    Tags().feed(hostile._repr_html_())
    assert set(seen) == {"div"}
