"""The report in a real headless Chromium: it opens from a file, asks for nothing else, draws and folds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.report.studies import sample_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("width", [400, 1100])
def test_the_report_opens_without_a_network(tmp_path: Path, width: int) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    study = sample_study()
    path = tmp_path / "report.html"
    study.to_html(path)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()]
        assert faults == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width  # only tables and pictures scroll
        for picture in page.locator("figure svg").all():
            box = picture.bounding_box()
            assert box is not None
            assert box["height"] > 50
        assert page.get_by_role("img").count() >= 5
        claim = page.locator("#claim-1")
        details = claim.locator("dl")
        assert not details.is_visible()
        claim.locator("summary").click()
        assert details.is_visible()
        assert page.get_by_role("table").count() == 5
        browser.close()
