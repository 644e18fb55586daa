"""The live page in a real headless Chromium: it loads, a slider moves, the numbers change to the right ones.

The right ones are computed here from the closed form of the paper, not from the page's own code.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gametheory.errors import InputError, MissingExtra
from gametheory.report import live

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SENSITIVITIES = ("0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100")


def expected(size: int, a: Fraction) -> dict[str, str]:
    """What the page must show, from first-order conditions: ``c (D - q) + d = lam + kappa q``, ``sum q = 0``."""
    c = [Fraction(1 + k % 3, 10) for k in range(size)]
    need = [Fraction((4, 1, 0, 3)[k % 4]) for k in range(size)]
    d = Fraction(1, 20)

    def solve(kappa: Fraction) -> tuple[Fraction, Fraction]:
        weights = [1 / (x + kappa) for x in c]
        price = sum(w * (x * y + d) for w, x, y in zip(weights, c, need, strict=True)) / sum(weights)
        kept = [y - w * (x * y + d - price) for w, x, y in zip(weights, c, need, strict=True)]
        return price, sum((x * p * p / 2 + d * p for x, p in zip(c, kept, strict=True)), Fraction(0))

    price, cost = solve(1 / (a * (size - 1)))
    best_price, least = solve(Fraction(0))
    numbers = {"price": price, "best-price": best_price, "cost": cost, "least-cost": least}
    return {key: f"{float(x):.6f}" for key, x in {**numbers, "price-of-anarchy": cost / least}.items()}


def page_module() -> Any:
    spec = importlib.util.spec_from_file_location("sharing_live", live.page_path())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_computes_the_certified_equilibrium() -> None:
    pytest.importorskip("marimo", reason="the extra [teach] is not installed")
    _, definitions = page_module().app.run()
    for size, a in ((2, Fraction(1, 10)), (4, Fraction(2)), (13, Fraction(50))):
        outcome = definitions["outcome"](size, a)
        shown = {
            "price": outcome["price"],
            "best-price": outcome["best_price"],
            "cost": outcome["cost"],
            "least-cost": outcome["least"],
            "price-of-anarchy": outcome["cost"] / outcome["least"],
        }
        assert {key: f"{float(x):.6f}" for key, x in shown.items()} == expected(size, a)
        assert outcome["equilibrium"].certificate.strength == "exact"
        assert outcome["equilibrium"].certificate.bound == 0
        assert outcome["cost"] >= outcome["least"]
        assert sum(outcome["bought"]) == sum(outcome["best"]) == 0


def test_an_unknown_page_a_bad_port_or_no_marimo_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="the pages are sharing"):
        live.serve("sharking")
    with pytest.raises(InputError, match="from 1 to 65535"):
        live.serve(port=0)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"gametheory\[teach\]"):
        live.serve()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, server: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer within a minute")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of the page as ``gametheory teach`` serves it, from an empty folder."""
    pytest.importorskip("marimo", reason="the extra [teach] is not installed")
    port = _free_port()
    log = (tmp_path / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "gametheory", "teach", "--port", str(port), "--no-browser"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=log,
        stderr=log,
        text=True,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, server)
        yield url
    finally:
        os.killpg(server.pid, 15)
        server.wait(timeout=20)
        log.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_sliders_move_the_equilibrium(served: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page()
        strangers: list[str] = []
        page.on("request", lambda request: None if served in request.url else strangers.append(request.url))
        page.goto(served)

        def shown(size: int, a: str) -> None:
            for key, text in expected(size, Fraction(a)).items():
                playwright.expect(page.get_by_test_id(key)).to_have_text(text, timeout=30_000)

        shown(4, "2")
        playwright.expect(page.get_by_test_id("certificate")).to_contain_text("[exact]")
        members, sensitivity = page.get_by_role("slider").all()
        members.focus()
        page.keyboard.press("ArrowRight")
        shown(5, "2")
        page.keyboard.press("Home")
        shown(2, "2")
        page.keyboard.press("End")
        shown(40, "2")
        sensitivity.focus()
        page.keyboard.press("End")
        shown(40, "100")
        page.keyboard.press("Home")
        shown(40, "0.1")
        page.keyboard.press("ArrowRight")
        shown(40, "0.2")
        playwright.expect(page.locator("img").first).to_be_visible()
        browser.close()
    # Offline: every address outside this server is one the page can do without, and nothing that it waits for.
    assert [url for url in strangers if not url.startswith(("data:", "blob:"))] == []
