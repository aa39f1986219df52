"""Plots as PNG: small, and whatever a level is called."""

import warnings

import pytest

from gristmill.db.reports.records import TENTHS, DifficultyPoint, PassRates
from gristmill.db.reports.summary import LevelRow

plots = pytest.importorskip("gristmill.flows.artifacts.plots", reason="the extra `report` is not installed")


def a_level(name: str, accepted: int = 3, rejected: int = 4) -> LevelRow:
    attempts = accepted + rejected
    return LevelRow(name, 5, 2, attempts, accepted, rejected, 0, 10 * attempts, 20 * attempts, 1.0)


@pytest.mark.parametrize(
    "name", ["", "Level 1", "$x^2$ \\frac{", "<script>", "難しい問題", "a\u202eb\x00\ud800", "x" * 5_000]
)
def test_a_level_of_any_name_is_drawn(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        png = plots.level_plot([a_level(name), a_level("other", 0, 0)])
    assert png.startswith(b"\x89PNG")


def test_plots_are_small_however_much_there_is() -> None:
    levels = [a_level(f"level {number} of a great many", 10**9) for number in range(500)]
    points = [DifficultyPoint(1 + at % 3, 40 + at, at) for at in range(100)]
    rates = PassRates(10**6, tuple(range(TENTHS)), 3, 4)
    sizes = [
        len(png)
        for png in (plots.level_plot(levels), plots.difficulty_plot(points), plots.pass_rate_plot(rates))
    ]
    assert max(sizes) < 60_000


def test_a_run_without_decided_attempts_is_drawn() -> None:
    assert plots.difficulty_plot([]).startswith(b"\x89PNG")
    assert plots.pass_rate_plot(PassRates(0, (0,) * TENTHS, 0, 3)).startswith(b"\x89PNG")
