"""A figure changed in the file of congested prices is found, whichever it is."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import gametheory as gt
from gametheory.certificates import certify
from gametheory.errors import InputError
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.log_pricing import LogPricingStep
from gametheory.io.solutions import dumps, loads

_STATED = ("leader", "follower", "details", "profile", "value", "bound")


def _numbers(node: Any, path: tuple[Any, ...] = ()) -> Any:
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _numbers(value, (*path, key))
    elif isinstance(node, int | float) or (isinstance(node, str) and node[-1:].isdigit()):
        yield path


def test_every_changed_figure_is_refused() -> None:
    step = LogPricingStep((Fraction(8), Fraction(2)), (Fraction(0), Fraction(4)), Fraction(3), Fraction(1, 2))
    game = CongestedPricingGame(("buyer", "seller"), (step,), ((0, 1),), (2,))  # type: ignore[arg-type]
    text = dumps(gt.stackelberg_equilibrium(game))
    assert certify(loads(text)).strength.value == "bounded"
    paths = [path for path in _numbers(json.loads(text)["solution"]) if path[0] in _STATED]
    assert {"flows", "rents", "bills", "profits", "buy_prices", "multipliers"} <= {
        key for path in paths for key in path
    }
    for path in paths:
        data = json.loads(text)
        node = data["solution"]
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = str(Fraction(str(node[path[-1]])) + 1)
        try:
            strength = certify(loads(json.dumps(data))).strength.value
        except InputError:
            continue
        assert strength == "refuted", path
