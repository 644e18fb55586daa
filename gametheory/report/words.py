"""What the reports call things: structures, splits, coalitions, assumptions."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["BOX", "RULES", "coalition_text", "counted", "money_unit", "title"]

#: What stands in the box on top of every report.
BOX = "Exact about these numbers and these assumed preferences."

#: The rules of each structure, in a sentence.
RULES = {
    "alone": "Each member settles with the grid on its own.",
    "sharing": "Members bid for each other's energy; one price clears each step, and the rest goes to the grid.",
    "operator": "An operator posts a buying and a selling price, settles the rest with the grid and keeps the profit.",
    "coalition": "All members are billed by the grid as one, and split the bill by a rule.",
    "optimum": "The least total cost that anybody could arrange.",
}

_TITLES = {
    "shapley_value": "Shapley value",
    "nucleolus": "nucleolus",
    "price_supported": "price-supported",
    "mid_market_rate": "mid-market rate",
    "supply_demand_ratio": "supply-demand ratio",
    "bill_sharing": "bill sharing",
}


def title(name: str) -> str:
    """Return how a structure, a split or an assumption is called.

    >>> title("shapley_value"), title("mid_market"), title("sharing")
    ('Shapley value', 'mid market', 'sharing')
    """
    return _TITLES.get(name, name.replace("_", " "))


def coalition_text(coalition: Sequence[str], names: Sequence[str]) -> str:
    """Return the members of a coalition, or who is missing where that is shorter.

    >>> coalition_text(("a", "b"), "abcd"), coalition_text(("a", "b", "c"), "abcd"), coalition_text("abcd", "abcd")
    ('a, b', 'all but d', 'all members')
    """
    missing = [name for name in names if name not in coalition]
    if not missing:
        return "all members"
    if 2 * len(missing) < len(coalition):
        return f"all but {', '.join(missing)}"
    return ", ".join(coalition)


def counted(number: int, word: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "step"), counted(48, "step")
    ('1 step', '48 steps')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def money_unit(currency: str) -> str:
    """Return the label of the money, or the word where there is none."""
    return currency or "money"
