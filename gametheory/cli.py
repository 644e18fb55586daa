"""The command ``gametheory``: parse, call, print. Exit 0 done, 1 a certificate is refuted, 2 bad input, 130 Ctrl-C."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from gametheory._version import __version__
from gametheory.errors import GameTheoryError, InputError

if TYPE_CHECKING:
    from gametheory.domain.community import Community

__all__ = ["app", "main", "run"]


class _Commands(TyperGroup):
    """All commands: errors of the package become messages, with the exit codes of this page."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
            return found
        except GameTheoryError as error:
            print(f"gametheory: {error}", file=sys.stderr)
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            print("gametheory: interrupted; nothing was left half written", file=sys.stderr)
            raise typer.Exit(130) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: say no more
            raise typer.Exit(141) from None


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    help="Certified game theory for communities of prosumers.",
    epilog="Exit codes: 0 done, 1 a certificate is refuted, 2 bad input.",
)


def main() -> None:
    """Run the command line of this process, and leave it."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command with some arguments; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a mark for it
    try:
        typer.main.get_command(app).main(args=list(arguments), prog_name="gametheory")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0


def _version(wanted: bool) -> None:
    if wanted:
        print(f"gametheory {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    pass


# -------------------------------------------------------------------------------------------------------------- study

_STUDY = """\b
Examples:
  gametheory study                                  the embedded sample, as a table
  gametheory study park.toml -o report.html         a page that opens without a network
  gametheory study park.toml --json > study.json    every digit, with every certificate
  gametheory study --structures alone,sharing --elasticity 0.2
"""


@app.command(epilog=_STUDY, short_help="Play the same hours under five structures.")
def study(
    community: Annotated[
        str,
        typer.Argument(
            metavar="COMMUNITY.toml", show_default=False, help="A community; left out, the embedded sample."
        ),
    ] = "sample",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the report, an HTML page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole study as JSON and nothing else.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="DIR", help="Write tidy CSV files.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Write the study as JSON, for `certify`.")] = None,
    structures: Annotated[
        str | None, typer.Option(help="Some of alone,sharing,operator,coalition,optimum; all if left out.")
    ] = None,
    elasticity: Annotated[
        str | None, typer.Option(help="Assumed elasticity of demand: a number, or NAME=NUMBER,NAME=NUMBER.")
    ] = None,
    sensitivity: Annotated[
        str | None, typer.Option(help="Assumed sensitivity of the sharing price (kWh per price unit, a step).")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print no table and no progress.")] = False,
) -> None:
    """Play the same hours under five structures: who pays what, who would leave, how sure is it."""
    from gametheory.io import files, options

    targets = options.Targets(page=output, study=save, folder=csv)
    chosen = options.read_options(structures=structures, elasticity=elasticity, sensitivity=sensitivity)
    park = _community(community)
    from gametheory.study import study as play

    found = play(park, progress=_progress(quiet=quiet), **chosen)
    texts: dict[Path, str] = {}
    whole = found.to_json() if as_json or save is not None else ""
    if targets.study is not None:
        texts[targets.study] = whole
    if targets.page is not None:
        texts[targets.page] = found.to_html()
    if targets.folder is not None:
        from gametheory.report.records import csv_texts

        texts.update({targets.folder / name: text for name, text in csv_texts(found).items()})
    files.write_files(texts, folders=() if targets.folder is None else (targets.folder,))
    if as_json:
        print(whole)
    elif not quiet:
        from gametheory.report.terminal import study_text

        _say(study_text(found, _width(), colour=_colour()))
        if texts:
            print("written:", ", ".join(str(path) for path in texts))
    if any(c.strength.value == "refuted" for c in found.certificates.values()):
        raise typer.Exit(1)


# --------------------------------------------------------------------------------------------------------------- core

_CORE = """\b
Examples:
  gametheory core park.toml --bills bills.csv       columns member,bill
  gametheory core sample --bills bills.csv --json
"""


@app.command(epilog=_CORE, short_help="Is this split of bills stable?")
def core(
    community: Annotated[str, typer.Argument(metavar="COMMUNITY", help="A TOML file, or the word sample.")],
    bills: Annotated[Path, typer.Option("--bills", help="A CSV file with the columns member and bill.")],
    elasticity: Annotated[str, typer.Option(help="Assumed elasticity: a number, or NAME=NUMBER,...")] = "0",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Is this split of bills stable; if not, who would leave, and which subsidy would hold them?"""
    from gametheory.concepts import core_check
    from gametheory.io import bills as bill_files
    from gametheory.io import options
    from gametheory.result import Certificate

    chosen = options.read_options(elasticity=elasticity)
    park = _community(community)
    found = core_check(park, bill_files.read_bills(bills, park), **chosen)
    if isinstance(found, Certificate):  # more members than a table holds: the verdict and its worst coalitions
        from gametheory.io.solutions import dumps

        rows = [f"({', '.join(names)}) would gain {float(gain):.6g}" for names, gain in found.witness["coalitions"]]
        print(dumps(found) if as_json else "\n".join([str(found), *rows]))
        return
    if as_json:
        print(found.to_json())
    else:
        from gametheory.report.answers import core_tables
        from gametheory.report.terminal import table_text

        print("stable: no coalition would leave" if found.stable else "not stable: somebody would leave")
        for table in core_tables(found, currency=park.currency):
            _say(table_text(table, _width(), colour=_colour()))
    if found.certificate.strength.value == "refuted":
        raise typer.Exit(1)


# ------------------------------------------------------------------------------------------------------ init, certify


@app.command(
    epilog="\b\nExample:\n  gametheory init park && gametheory study park/community.toml\n",
    short_help="Write a commented community that runs.",
)
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder; made if it is not there.")]) -> None:
    """Write a commented community that runs, to be changed into your own."""
    from gametheory.io.template import write_template

    path = write_template(folder)
    print(f"written: {path}\nnow: gametheory study {path}")


@app.command(
    epilog="\b\nExample:\n  gametheory study --save study.json && gametheory certify study.json\n",
    short_help="Check every claim of a file again.",
)
def certify(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="A study or a solution, as JSON.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Check every claim of a file again, in this process; exit 1 if one is refuted, fails or differs."""
    from gametheory.efficiency.recheck import recheck
    from gametheory.io.solutions import encode, read_solution

    verdicts = recheck(read_solution(file), where=str(file))
    if as_json:
        rows = [verdict.as_record() for verdict in verdicts]
        print(json.dumps({"file": str(file), "holds": all(v.holds for v in verdicts), "claims": encode(rows)}))
    else:
        from gametheory.report.answers import verdict_table
        from gametheory.report.terminal import table_text

        _say(table_text(verdict_table(verdicts, file.name), _width(), colour=_colour()))
    if not all(verdict.holds for verdict in verdicts):
        raise typer.Exit(1)


# ------------------------------------------------------------------------------------------------------ prove, teach


@app.command(
    epilog="\b\nExamples:\n  gametheory prove           every theorem\n  gametheory prove S-P1      one, step by step\n"
)
def prove(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Theorems to decide.")] = None,
) -> None:
    """Prove the theorems about the models again (needs the sources: the proofs are not installed)."""
    import subprocess

    root = Path(__file__).resolve().parents[1]
    if not (root / "proofs" / "__main__.py").is_file():
        raise InputError(
            "the proofs are not part of the installed package; they stand in the folder proofs/ of the sources: "
            "get the source distribution or a clone, and run "
            "python -m proofs in it"
        )
    raise typer.Exit(subprocess.run([sys.executable, "-m", "proofs", *(ids or [])], cwd=root, check=False).returncode)


@app.command(
    epilog="\b\nExample:\n  gametheory teach           then open the address that it prints\n",
    short_help="Serve the live teaching page.",
)
def teach(
    page: Annotated[str, typer.Argument(metavar="PAGE", show_default=False, help="Which page; so far: sharing.")] = (
        "sharing"
    ),
    port: Annotated[int, typer.Option(help="The port of this machine to serve on.")] = 2718,
    browser: Annotated[bool, typer.Option(help="Open a browser, or only print the address.")] = True,
) -> None:
    """Serve the live teaching page (extra [teach]) on this machine; it works without a network."""
    from gametheory.report import live

    raise typer.Exit(live.serve(page, port=port, browser=browser))


# ------------------------------------------------------------------------------------------------------------ helpers


def _community(name: str) -> Community:
    from gametheory.domain.community import Community

    return Community.sample() if name == "sample" else Community.read(name)


def _say(text: str) -> None:
    """Print a table; where the terminal has no lines to draw with, by plain signs."""
    if not (sys.stdout.encoding or "").lower().startswith("utf"):
        text = text.translate(_SIGNS)
    print(text)


_SIGNS = {ord(line): sign for lines, sign in (("─━", "-"), ("│┃", "|"), ("┌┐└┘├┤┬┴┼", "+")) for line in lines}


def _width() -> int:
    return min(shutil.get_terminal_size((110, 24)).columns, 160)


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _progress(*, quiet: bool) -> Any:
    """A function that shows where the work is, on a terminal; None in a pipe."""
    if quiet or not sys.stderr.isatty():
        return None

    def show(what: str, share: float) -> None:
        text = f"{share:4.0%}  {what}" if share < 1 else ""
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    return show
