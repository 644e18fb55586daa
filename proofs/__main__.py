"""``python -m proofs [ID ...]``: decide every theorem and print the table; exit 1 if anything fails."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence

from gametheory.errors import GameTheoryError

from . import register
from .theorem import Theorem, Verdict, check

__all__ = ["main", "run"]


def run(chosen: Sequence[Theorem], *, steps: bool = False) -> tuple[Verdict, ...]:
    """Check the theorems one after the other, printing each row as soon as it is decided."""
    verdicts = []
    for theorem in chosen:
        verdict = check(theorem)
        print(_row(verdict))
        if steps:
            for decision in verdict.decisions:
                print(f"      {decision.kind:12} {decision.outcome:9} {decision.name} ({decision.reason})")
            print(f"      mutant: {theorem.mutant.statement} -- {verdict.refutation or 'NOT REFUTED'}")
        verdicts.append(verdict)
    return tuple(verdicts)


def _row(verdict: Verdict) -> str:
    theorem = verdict.theorem
    word = "proved" if verdict.passed else "FAILED"
    mutant = "mutant refuted" if verdict.refutation else "MUTANT NOT REFUTED"
    head = f"{theorem.id:10} {word}  {verdict.seconds:6.2f} s  {mutant}  by {verdict.method or 'nothing'}"
    lines = [head, f"{theorem.statement}"]
    lines.append(f"for {theorem.domain}. Source: {theorem.source}")
    if theorem.models:
        lines.append(f"about {', '.join(theorem.models)}")
    if theorem.uses:
        lines.append(f"uses: {theorem.uses}")
    if verdict.failure:
        lines.append(f"FAILED: {verdict.failure}")
    first, *rest = lines
    body = [textwrap.fill(line, 118, initial_indent=" " * 11, subsequent_indent=" " * 11) for line in rest]
    return "\n".join([first, *body])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m proofs", description="Decide the theorems about the models.")
    parser.add_argument("ids", nargs="*", metavar="ID", help="theorems to decide, with their steps (default: all)")
    chosen = parser.parse_args(arguments)
    try:
        wanted = register.theorems(chosen.ids)
    except GameTheoryError as error:
        print(error, file=sys.stderr)
        return 2
    verdicts = run(wanted, steps=bool(chosen.ids))
    if not chosen.ids:
        for entry in register.OPEN:
            print(f"{entry.id:10} open: {entry.statement} (waits for {entry.waits_for})")
    failed = [verdict.theorem.id for verdict in verdicts if not verdict.passed]
    seconds = sum(verdict.seconds for verdict in verdicts)
    waiting = 0 if chosen.ids else len(register.OPEN)
    print(f"\n{len(verdicts) - len(failed)} proved, {len(failed)} failed, {waiting} open, {seconds:.1f} s")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
