"""The pictures: parts of the page, in its colours, with nothing that loads."""

import re
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from gristmill.db.reports.records import DifficultyPoint, PassRates
from gristmill.reports.html.plots import (
    MOST_LINES,
    Line,
    difficulty_plot,
    growth_plot,
    length_plot,
    pass_rate_plot,
)
from tests.reports.html.reading import read_page

POINTS = [DifficultyPoint(2, 12, 0), DifficultyPoint(2, 6, 3), DifficultyPoint(1, 1, 1)]
PLOTS = {
    "difficulty": lambda: difficulty_plot("a", [POINTS] * MOST_LINES),
    "difficulty of nothing": lambda: difficulty_plot("a", [[], []]),
    "growth": lambda: growth_plot("a", [Line([0, 1, 2], [0, 5, 1e6]), Line([0], [0])], "hours"),
    "pass rates": lambda: pass_rate_plot("a", PassRates(3, tuple(range(10)), 4, 1)),
    "pass rates of nothing": lambda: pass_rate_plot("a", PassRates(0, (0,) * 10, 0, 0)),
    "lengths": lambda: length_plot("a", [1, 2, 0, 0], [0, 5, 1, 0], 10),
    "lengths of nothing": lambda: length_plot("a", [0] * 4, [0] * 4, 1),
}


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_a_part_of_the_page_in_its_colours(name: str) -> None:
    svg = PLOTS[name]()
    assert isinstance(svg, Markup)
    ElementTree.fromstring(svg)  # noqa: S314  (our own)
    page = read_page(str(svg))
    assert page.elements["svg"] == 1
    assert page.elements["text"] > 3
    assert "currentColor" in svg
    assert "#f000" not in svg
    assert "#000" not in svg
    assert "http" not in svg
    assert len(svg) < 60_000


def test_plots_of_one_page_share_no_id() -> None:
    plots = "".join(pass_rate_plot(name, PassRates(1, (0,) * 10, 0, 0)) for name in "ab")
    ids = re.findall(r'\sid="([^"]+)"', plots)
    assert len(ids) > 2
    assert len(ids) == len(set(ids))


def test_the_same_numbers_give_the_same_picture() -> None:
    assert PLOTS["lengths"]() == PLOTS["lengths"]()
    assert PLOTS["difficulty"]() == PLOTS["difficulty"]()


def test_every_run_has_a_line_of_its_own_colour() -> None:
    svg = difficulty_plot("a", [POINTS] * MOST_LINES)
    for number in range(1, MOST_LINES + 1):
        assert svg.count(f"stroke: var(--run-{number})") == 2
