"""The plots of a run as small PNG pictures: acceptance by level, problems by pass rate, draws by difficulty.

Prefect's image artifact wants an address; a `data:` one is shown by both of its pages (tried in Chromium on
3.8.8), so the picture is in the artifact itself and needs no server of files. They are on white, for a PNG
cannot follow the page's colours. Levels are text from outside: drawn as text, never as formulas, and cut.

This module imports matplotlib, which is an extra: import it where that may fail.
"""

import base64
import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gristmill.db.reports.records import DifficultyPoint, PassRates
from gristmill.db.reports.report import by_difficulty, pass_rates
from gristmill.db.reports.summary import LevelRow
from gristmill.db.sessions import Engine, reading
from gristmill.reports.run_summary import RunSummary
from gristmill.reports.visible_text import visible

_WIDTH_INCHES, _HEIGHT_INCHES = 6.4, 3.4
_DOTS = 100
_MOST_LEVELS = 12
_LONGEST_LEVEL = 28
_POINTS = 100
_ACCEPTED, _REJECTED, _BETWEEN = "#1a7f4b", "#b3422f", "#3a6ea5"
_STYLE: dict[str, object] = {
    "font.size": 10,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "axes.edgecolor": "#888888",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """`png` is the file; `name` begins the artifact's key, `about` is what it shows."""

    name: str
    about: str
    png: bytes

    @property
    def address(self) -> str:
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def pictures(engine: Engine, summary: RunSummary) -> list[Picture]:
    """None of a run without attempts."""
    if not summary.total.attempts:
        return []
    with reading(engine) as session:
        rates = pass_rates(session, summary.run.id)
        points = by_difficulty(session, summary.run.id, _POINTS)
    return [
        Picture("acceptance", "Acceptance by level, of decided responses", level_plot(summary.levels)),
        Picture("pass-rates", "Problems by pass rate", pass_rate_plot(rates)),
        Picture("draws", "Responses per problem, hardest problems first", difficulty_plot(points)),
    ]


def level_plot(levels: Sequence[LevelRow]) -> bytes:
    """From top to bottom by name, with what was decided; the first ones, where there are too many."""
    rows = levels[:_MOST_LEVELS]
    decided = [row.accepted + row.rejected for row in rows]
    shares = [100 * row.accepted / max(1, count) for row, count in zip(rows, decided, strict=True)]

    def draw(axes: Axes) -> None:
        bars = axes.barh(range(len(rows)), shares, color=_ACCEPTED, height=0.7)
        axes.bar_label(bars, [f"{count:,}" for count in decided], padding=3, fontsize=8, color="#666666")
        axes.set_yticks(range(len(rows)), [_named(row.level) for row in rows])
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.set_xlim(0, 108)
        axes.set_xlabel("accepted, % of the decided ones")

    return _png(draw, height=1.0 + 0.32 * max(2, len(rows)))


def _named(level: str) -> str:
    name = visible(level[: _LONGEST_LEVEL + 1]) or "-"
    return name if len(name) <= _LONGEST_LEVEL else name[: _LONGEST_LEVEL - 1] + "\N{HORIZONTAL ELLIPSIS}"


def pass_rate_plot(rates: PassRates) -> bytes:
    """Problems that none or all pass have bars of their own."""
    counts = (rates.none_pass, *rates.tenths, rates.all_pass)
    labels = ("none", *(f"{10 * at}" for at in range(len(rates.tenths))), "all")

    def draw(axes: Axes) -> None:
        axes.bar(range(len(counts)), counts, color=[_REJECTED, *(_BETWEEN for _ in rates.tenths), _ACCEPTED])
        axes.set_xticks(range(len(counts)), labels)
        axes.set_xlabel("share of decided responses accepted (from, %)")
        axes.set_ylabel("problems")

    return _png(draw)


def difficulty_plot(points: Sequence[DifficultyPoint]) -> bytes:
    """All responses of a problem, and the accepted ones among them."""
    edges, total = [0.0], sum(point.problems for point in points) or 1
    for point in points:
        edges.append(edges[-1] + 100 * point.problems / total)

    def draw(axes: Axes) -> None:
        drawn = [point.attempts / point.problems for point in points]
        accepted = [point.accepted / point.problems for point in points]
        axes.stairs(drawn, edges, color=_BETWEEN, linewidth=1.6, label="drawn")
        axes.stairs(accepted, edges, color=_ACCEPTED, fill=True, alpha=0.35, label="accepted")
        axes.set_ylim(0, 1.08 * max(drawn, default=1.0))
        axes.set_xlabel("problems, hardest first (%)")
        axes.set_ylabel("responses per problem")
        axes.legend(frameon=False)

    return _png(draw)


def _png(draw: Callable[[Axes], None], height: float = _HEIGHT_INCHES) -> bytes:
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        warnings.filterwarnings("ignore", "Glyph")  # a letter that the font lacks is a box
        figure = Figure(figsize=(_WIDTH_INCHES, height), dpi=_DOTS, layout="constrained", facecolor="white")
        axes = figure.add_subplot()
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
        draw(axes)
        written = io.BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()
