"""The page: whole, self-contained, the same at every run, and every text of a user escaped."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gametheory.efficiency.comparison import Study
from gametheory.report.drawing import axis_labels
from tests.report.studies import claim, sample_study, small_study

_VOID = {"meta", "br", "link", "img", "hr", "input"}
_HOSTILE = "<script>alert('$x_1$')</script>&\"東"


class _Page(HTMLParser):
    """Checks that tags close in order; collects texts, ids, links and what would be loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.labelled: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "href":
                self.links.append(str(value))
            if name in ("src", "srcset", "data", "action", "poster") or name.startswith("on"):
                self.loads.append(f"{name}={value}")
            if name in ("aria-labelledby", "aria-describedby"):
                self.labelled += str(value).split()
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module", params=["small", "sample", "hostile"])
def study(request: pytest.FixtureRequest) -> Study:
    made = {"small": small_study, "sample": sample_study}
    if request.param == "hostile":
        names = (_HOSTILE, "_b")
        return small_study(
            names, source=_HOSTILE, assumptions={_HOSTILE: _HOSTILE}, checks={_HOSTILE: claim("refuted")}
        )
    return made[request.param]()


@pytest.fixture(scope="module")
def html(study: Study) -> str:
    return study.to_html()


def test_the_page_is_whole_and_loads_nothing(html: str) -> None:
    page = _Page(html)
    assert page.open == []
    assert page.loads == []
    assert "http://" not in html
    assert "https://" not in html
    assert re.search(r"@import|url\((?!#)", html) is None
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == page.tags["iframe"] == 0
    assert all(link.startswith("#") for link in page.links)


def test_ids_are_unique_and_links_lead_somewhere(html: str) -> None:
    page = _Page(html)
    assert [name for name, times in Counter(page.ids).items() if times > 1] == []
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert set(page.labelled) <= set(page.ids)


def test_every_member_claim_and_assumption_is_on_the_page(study: Study, html: str) -> None:
    text = _Page(html).text
    for name in study.names:
        assert name in text
    for name, certificate in study.certificates.items():
        assert f"{name} : {certificate.claim}" in text.replace(f"{name}:", f"{name} :")
        assert certificate.strength.value in text
    for sentence in study.assumptions.values():
        assert sentence in text
    assert "Exact about these numbers and these assumed preferences." in text
    assert study.input_hash in text


def test_pictures_and_tables_are_labelled(html: str) -> None:
    page = _Page(html)
    assert page.tags["svg"] == page.tags["figcaption"] >= 5
    assert page.tags["title"] >= page.tags["svg"] + 1
    assert page.tags["caption"] == page.tags["table"] >= 4


def test_the_same_study_gives_the_same_page(study: Study, html: str) -> None:
    assert study.to_html() == html


def test_a_refuted_claim_is_in_the_box() -> None:
    html = small_study(checks={"false one": claim("refuted")}).to_html()
    assert "Refuted: false one." in html


def test_a_year_stays_small_and_a_crowd_is_drawn() -> None:
    few = small_study()
    steps, crowd = 8760, 60
    names = tuple(f"m{k}" for k in range(crowd))
    row = tuple(Fraction(t % 24, 10) for t in range(steps))
    large = replace(few, names=names, steps=steps, load=(row,) * crowd, pv=((Fraction(1),) * steps,) * crowd)
    large = replace(large, retail_price=(Fraction(1, 4),) * steps, feed_in=(Fraction(0),) * steps, structures=())
    html = large.to_html()
    assert len(html) < 1_000_000
    assert "averaged over 22 steps" in html


def test_page_needs_no_pyplot_and_restores_settings() -> None:
    code = (
        "import sys, matplotlib as mpl; mpl.rcParams['font.size'] = 7\n"
        "from tests.report.studies import small_study; small_study().to_html()\n"
        "assert mpl.rcParams['font.size'] == 7 and 'matplotlib.pyplot' not in sys.modules"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_notebook_shows_the_structures() -> None:
    page = _Page(sample_study()._repr_html_())
    assert page.open == []
    assert page.tags["table"] == 1
    assert "sharing" in page.text


def test_ticks_are_few() -> None:
    for steps in (1, 5, 47, 48, 96, 1000, 8760, 35136):
        places, labels = axis_labels(None, steps)
        assert 1 <= len(places) <= 10
        assert len(places) == len(labels)
