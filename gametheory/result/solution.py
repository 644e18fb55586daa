"""What a user gets: a solved game with its certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gametheory.arithmetic import Number
from gametheory.result.certificate import Certificate, frozen
from gametheory.result.words import Concept, Status

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["Solution"]


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
            object.__setattr__(self, name, frozen(getattr(self, name)))

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
