"""Serving the live teaching pages (extra ``[teach]``): notebooks in which sliders move a game."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

from gametheory.errors import InputError, MissingExtra

__all__ = ["PAGES", "page_path", "serve"]

#: Name of a page -> what it shows.
PAGES: dict[str, str] = {
    "sharing": "sliders for members and price sensitivity move the sharing equilibrium and the price of anarchy",
}


def page_path(name: str = "sharing") -> Path:
    """Return the notebook of a page.

    Raises
    ------
    InputError
        There is no such page.

    Examples
    --------
    >>> page_path().name
    'sharing_live.py'
    """
    if name not in PAGES:
        raise InputError(f"there is no page {name!r}; the pages are {', '.join(PAGES)}")
    # The package is a folder on disk, as marimo needs it: nothing is unpacked that could vanish.
    with ExitStack() as stack:
        folder = stack.enter_context(resources.as_file(resources.files("gametheory.data").joinpath("pages")))
        return folder / f"{name}_live.py"


def serve(name: str = "sharing", *, port: int = 2718, host: str = "127.0.0.1", browser: bool = True) -> int:
    """Serve a page until Ctrl-C and return the exit code; nothing is fetched from a network.

    Raises
    ------
    InputError
        There is no such page, or no such port.
    MissingExtra
        marimo is not installed.
    """
    notebook = page_path(name)
    if not 0 < port < 65536:
        raise InputError(f"port is {port}; give a number from 1 to 65535")
    for package in ("marimo", "matplotlib"):
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(package, "teach", "the live page")
    command = [sys.executable, "-m", "marimo", "--quiet", "run", str(notebook), "--host", host, "--port", str(port)]
    command += ["--no-token", "--no-sandbox", *([] if browser else ["--headless"])]
    print(f"{PAGES[name]}\nhttp://{host}:{port} (Ctrl-C ends it)", flush=True)
    # The page imports this very package, wherever it stands.
    here = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "MARIMO_SKIP_UPDATE_CHECK": "1"}
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0
