"""A solution in words: what was asked, what came out, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from gametheory.arithmetic import Number, exact, to_float
from gametheory.result import Allocation, Concept, CoreCheck, Solution, Status, Strength

__all__ = ["explain_solution", "solution_html"]

_MEANING = {
    Concept.NASH: "a profile from which no player gains by deviating alone",
    Concept.NASH_SET: "all profiles from which no player gains by deviating alone",
    Concept.VARIATIONAL: "an equilibrium in which all players price shared constraints alike",
    Concept.CORRELATED: "a common draw of advice that no player gains by disobeying",
    Concept.COARSE_CORRELATED: "a common draw that no player gains by ignoring beforehand",
    Concept.QUANTAL_RESPONSE: "a profile in which better strategies are played more often, by the logit rule",
    Concept.STACKELBERG: "the leader's best decision, given that the followers answer with their best",
    Concept.OPTIMUM: "the best total over all players, whoever gets it",
    Concept.BEST_RESPONSE: "what one player does best while the others keep still",
    Concept.SHAPLEY: "the average of what each player adds, over all orders of arrival",
    Concept.BANZHAF: "the average of what each player adds, over all coalitions of the others",
    Concept.CORE: "a division that no coalition can improve on by itself",
    Concept.CORE_CHECK: "whether any coalition can improve on a division by itself",
    Concept.LEAST_CORE: "the divisions whose largest excess is as small as it can be",
    Concept.NUCLEOLUS: "the division that makes the largest excess least, then the next, and so on",
    Concept.PRENUCLEOLUS: "the nucleolus without asking that each player gets its own value",
    Concept.DOMINANCE: "the strategies that are left when dominated ones are removed",
    Concept.CHARACTERISTIC: "what every coalition is worth",
    Concept.CLEARING: "which orders are filled, at which prices",
    Concept.SETTLEMENT: "who takes what energy and pays how much",
}
_SURE = {
    Strength.EXACT: "decided without rounding",
    Strength.BOUNDED: "a rigorous enclosure: the truth lies within the bound",
    Strength.STATISTICAL: "a confidence interval from sampling, not a proof",
    Strength.REFUTED: "the claim is false; the witness shows why",
}
_MOST = 12


def explain_solution(solution: Solution) -> str:
    """Return paragraphs of plain text.

    Examples
    --------
    >>> from gametheory.certificates import certify
    >>> from gametheory.games.normal_form import NormalFormGame
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> told = Solution(
    ...     game=game, concept="nash_equilibrium", profile=(1, 1), method="ByHand", certificate=certify(game, (1, 1))
    ... )
    >>> print(explain_solution(told).splitlines()[0])
    Asked: nash equilibrium, a profile from which no player gains by deviating alone.
    """
    concept = solution.concept
    meaning = f", {_MEANING[concept]}" if concept in _MEANING else ""
    lines = [f"Asked: {concept.value.replace('_', ' ')}{meaning}.", f"Of: {_game(solution.game)}."]
    lines.append(f"Answered by: {solution.method}{_settings(solution.parameters)}{_effort(solution)}.")
    if solution.status is not Status.SOLVED:
        lines.append(f"It ended with: {solution.status.value}. {solution.status.advice}")
    lines += [f"{name}: {text}" for name, text in _answer(solution)]
    certificate = solution.certificate
    lines.append(
        f"How sure: {certificate.strength.value} ({_SURE[certificate.strength]}). Judged: {certificate.claim}."
    )
    lines.append(
        f"Measured bound: {_number(certificate.bound)}; claimed before the check: {_number(certificate.epsilon)}."
    )
    if certificate.strength is Strength.REFUTED and certificate.witness:
        lines.append(f"Witness: {_short(certificate.witness)}")
    return "\n".join(lines)


def solution_html(solution: Solution) -> str:
    """Return what a notebook shows: the explanation, a line a paragraph."""
    return "".join(f"<div>{escape(line)}</div>" for line in explain_solution(solution).splitlines())


def _game(game: Any) -> str:
    players = tuple(getattr(game, "players", ()))
    sense = {"cost": ", who pay costs", "payoff": ", who receive payoffs"}.get(getattr(game, "sense", ""), "")
    names = ", ".join(map(str, players[:_MOST])) + (", ..." if len(players) > _MOST else "")
    return f"a {type(game).__name__}" + (f" of {len(players)} players ({names}){sense}" if players else "")


def _settings(parameters: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in parameters.items() if value is not None)
    return f" ({given})" if given else ""


def _effort(solution: Solution) -> str:
    steps = f" in {solution.iterations} iterations" if solution.iterations else ""
    return f"{steps}, {solution.wall_time:.2g} s" if solution.wall_time else steps


def _answer(solution: Solution) -> list[tuple[str, str]]:
    """What came out: the fields that this kind of solution has beyond the common ones."""
    found = []
    common = set(Solution.__dataclass_fields__)
    for name in type(solution).__dataclass_fields__:
        value = getattr(solution, name)
        empty = value is None or (isinstance(value, str | tuple | Mapping) and not value)
        if name not in common and not empty:
            found.append((name.replace("_", " ").capitalize(), _short(value)))
    told = isinstance(solution, Allocation | CoreCheck) or any(
        getattr(solution, name, None) for name in ("point", "leader")
    )
    return found if told else [("Answer", _short(solution.profile)), *found]


def _short(value: Any) -> str:
    """A value in a line: long sequences are cut."""
    if isinstance(value, str | bool) or value is None:
        return str(value)
    if isinstance(value, Mapping):
        rows = [f"{key}: {_short(item)}" for key, item in list(value.items())[:_MOST]]
        return "; ".join(rows) + ("; ..." if len(value) > _MOST else "")
    if isinstance(value, Sequence):
        rows = [_short(item) for item in value[:_MOST]]
        return f"({', '.join(rows)}{', ...' if len(value) > _MOST else ''})"
    return _number(value)


def _number(value: Number) -> str:
    """A rational in full where it is short, else its nearest float."""
    try:
        text = str(exact(value)) if not isinstance(value, float) else f"{value:.6g}"
        return text if len(text) <= 20 else f"{to_float(value):.6g}"
    except (TypeError, ValueError):
        text = str(value)
        return text if len(text) <= 80 else f"{text[:77]}..."
