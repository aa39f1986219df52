"""Plots of the HTML report as inline SVG (matplotlib), in the page's colours and font.

Matplotlib is given colours that stand for the page's (`_PAGE`), which are put in their place afterwards: the
same picture then suits light and dark. Text stays text, to be selected and read aloud. No text from outside
is drawn, only numbers and words of our own: legends and names are for the page to write.

The picture of responses by difficulty is that of DART-Math (arXiv 2407.13690): problems in order of
difficulty, how many responses each got, a line for each run.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from gristmill.db.reports.records import DifficultyPoint, PassRates

MOST_LINES = 8
"""As many runs as one plot can tell apart."""

_SERIES = tuple(f"#f0000{number}" for number in range(1, MOST_LINES + 1))
_TEXT, _LINE, _ACCEPTED, _REJECTED = "#f00010", "#f00011", "#f00012", "#f00013"
_PAGE = {
    _TEXT: "currentColor",
    _LINE: "var(--line)",
    _ACCEPTED: "var(--accepted)",
    _REJECTED: "var(--rejected)",
    **{colour: f"var(--run-{number})" for number, colour in enumerate(_SERIES, 1)},
}
_SIZE_INCHES = (5.6, 3.3)
_STYLE: dict[str, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gristmill",
    "text.parse_math": False,
    "font.size": 11.5,
    "text.color": _TEXT,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "xtick.color": _TEXT,
    "ytick.color": _TEXT,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "path.simplify": True,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_NAMES = re.compile(r'(?<=\bid=")|(?<=href="#)|(?<=url\(#)')
_FONT = re.compile(r"font: ([\d.]+px)[^;\"]*")
_COLOUR = re.compile("|".join(_PAGE))
_NOT_OURS = re.compile(r"<!--.*?-->\s*|<style.*?</style>\s*", re.DOTALL)
"""A style in a picture would be one of the whole page; what it says stands in style.css."""
_SIZE = re.compile(r'<svg [^>]*viewBox="([^"]*)"[^>]*>')


@dataclass(frozen=True, slots=True)
class Line:
    """A run in a plot of several: its points as x and y, and of the dashed companion where it has one."""

    x: Sequence[float]
    y: Sequence[float]
    dashed: Sequence[float] = ()


def difficulty_plot(name: str, curves: Sequence[Sequence[DifficultyPoint]]) -> Markup:
    """Responses per problem against the share of problems, hardest first; dashed: the accepted ones."""
    lines = []
    for points in curves:
        total = sum(point.problems for point in points)
        x, before = [], 0
        for point in points:
            x.append(100 * (before + point.problems / 2) / total)
            before += point.problems
        drawn = [point.attempts / point.problems for point in points]
        lines.append(Line(x, drawn, [point.accepted / point.problems for point in points]))
    return _lines(name, lines, "problems, hardest first (%)", "responses per problem", "Draws by difficulty")


def growth_plot(name: str, lines: Sequence[Line], unit: str) -> Markup:
    """Accepted responses against the time since the run was made, in `unit`."""
    return _lines(name, lines, f"{unit} since the run was made", "accepted responses", "Growth over time")


def pass_rate_plot(name: str, rates: PassRates) -> Markup:
    """Problems by pass rate: those that none or all pass have bars of their own."""
    counts = (rates.none_pass, *rates.tenths, rates.all_pass)
    labels = ("none", *(f"{10 * at}" for at in range(len(rates.tenths))), "all")

    def draw(axes: Axes) -> None:
        colours = [_REJECTED, *(_SERIES[0] for _ in rates.tenths), _ACCEPTED]
        axes.bar(range(len(counts)), counts, color=colours, width=0.86)
        axes.set_xticks(range(len(counts)), labels)
        axes.set_xlabel("share of decided responses accepted (from, %)")
        axes.set_ylabel("problems")

    return _svg(name, "Problems by pass rate", draw)


def length_plot(name: str, accepted: Sequence[int], rejected: Sequence[int], width: int) -> Markup:
    """Responses by length in bins of `width` tokens, accepted and rejected as steps over each other."""
    filled = 1 + max(
        (at for at, pair in enumerate(zip(accepted, rejected, strict=True)) if any(pair)), default=0
    )
    accepted, rejected = accepted[:filled], rejected[:filled]
    edges = [width * at for at in range(filled + 1)]

    def draw(axes: Axes) -> None:
        for counts, colour in ((rejected, _REJECTED), (accepted, _ACCEPTED)):
            axes.stairs(list(counts), edges, color=colour, fill=True, alpha=0.25)
            axes.stairs(list(counts), edges, color=colour, linewidth=1.6)
        axes.set_xlim(0, edges[-1])
        axes.set_xlabel("tokens of the response")
        axes.set_ylabel("responses")

    return _svg(name, "Responses by length", draw)


def _lines(name: str, lines: Sequence[Line], x: str, y: str, title: str) -> Markup:
    def draw(axes: Axes) -> None:
        for line, colour in zip(lines, _SERIES, strict=False):
            axes.plot(line.x, line.y, color=colour, linewidth=1.8, marker="." if len(line.x) == 1 else "")
            if line.dashed:
                axes.plot(line.x, line.dashed, color=colour, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.set_ylim(0, 1.06 * max((max(line.y) for line in lines if line.y), default=0) or 1)
        axes.set_xlabel(x)
        axes.set_ylabel(y)

    return _svg(name, title, draw)


def _svg(name: str, title: str, draw: Callable[[Axes], None]) -> Markup:
    """`name` is the beginning of every id in it: ids are those of the whole page."""
    with matplotlib.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
        axes = figure.add_subplot()
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        draw(axes)
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata=_NO_METADATA)
    return _of_page(written.getvalue(), name, title)


def _of_page(svg: str, name: str, title: str) -> Markup:
    """Without what makes it a file of its own, and in the page's colours."""
    svg = _NOT_OURS.sub("", svg[svg.index("<svg") :])
    size = _SIZE.match(svg)
    if size is None:
        raise RuntimeError("this version of matplotlib writes another kind of SVG")
    svg = _NAMES.sub(f"{name}-", svg[size.end() :])
    svg = _FONT.sub(r"font-size: \1", svg)
    svg = _COLOUR.sub(lambda match: _PAGE[match[0]], svg).replace("xlink:href", "href")
    return Markup('<svg role="img" aria-label="{}" viewBox="{}">').format(title, size[1]) + Markup(svg)  # noqa: S704
