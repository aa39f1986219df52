"""Renders the HTML report: one file that opens offline, loads nothing, and has no script.

Every expression of the template goes through `shown`, which escapes what is not our own markup: nothing has
to remember to. The page's own policy forbids scripts and loading besides.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from itertools import accumulate
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gristmill.db.clock import now
from gristmill.db.sessions import Engine
from gristmill.reports.html import plots, tables
from gristmill.reports.html.facts import RunFacts, read_facts
from gristmill.reports.visible_text import printable, short, shown
from gristmill.runs.settings.recipe import as_toml
from gristmill.runs.settings.snapshot import code_version
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import Outcome
from gristmill.text.private_files import open_private

_FIRST = "<!doctype html>\n<!-- gristmill report -->\n"
_LONGEST_CONFIG = 40_000
_UNITS = (("days", 172_800.0, 86_400.0), ("hours", 7_200.0, 3_600.0), ("minutes", 120.0, 60.0))
"""Name, from how many seconds on, and its length."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with what is computed of it for the page. `number` is its place, from 1 on, and its colour."""

    number: int
    facts: RunFacts
    name: str
    config: str
    template: str
    judge: str
    pass_rates: Markup
    lengths: Markup


def write_report(engine: Engine, run_ids: Sequence[str], out: Path) -> int:
    """Writes the report of the runs to `out`, whole or not at all; gives its size in bytes.

    An earlier report is replaced, any other file is not. Raises ConfigError, DataError for the disk.
    """
    _check_may_write(out)
    page = report_html(engine, run_ids).encode()
    draft = out.with_name(f".report-{secrets.token_hex(4)}.tmp")
    try:
        with open_private(draft, "xb") as file:
            file.write(page)
        _check_may_write(out)
        draft.replace(out)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise DataError(f"{out}: cannot be written: {error.strerror}") from error
    return len(page)


def report_html(engine: Engine, run_ids: Sequence[str], moment: datetime | None = None) -> str:
    """The whole page; a run that is named twice is in it once. Raises ConfigError and StoreError."""
    names = list(dict.fromkeys(run_ids))
    if not 1 <= len(names) <= plots.MOST_LINES:
        raise ConfigError(f"a report tells from 1 to {plots.MOST_LINES} runs apart; given: {len(names)}")
    views = [_view(number, read_facts(engine, name, len(names))) for number, name in enumerate(names, 1)]
    body = _environment().get_template("report.html").render(
        title=printable(", ".join(short(view.name, 100) for view in views)),
        style=Markup((resources.files("gristmill.reports.html") / "style.css").read_text("utf-8")),  # noqa: S704
        views=views,
        moment=f"{moment or now():%Y-%m-%d %H:%M} UTC",
        version=code_version(),
        difficulty=plots.difficulty_plot("difficulty", [view.facts.difficulty for view in views]),
        growth=_growth(views),
        compared=tables.compared([view.facts for view in views]),
        tables=tables,
        short=short,
    )  # fmt: skip
    return _FIRST + str(body) + "\n"


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gristmill.reports.html"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _view(number: int, facts: RunFacts) -> RunView:
    counts = facts.lengths.counts
    return RunView(
        number,
        facts,
        facts.summary.run.id,
        short(as_toml(facts.snapshot.config), _LONGEST_CONFIG),
        short(facts.snapshot.template, _LONGEST_CONFIG),
        short(facts.snapshot.judge, _LONGEST_CONFIG),
        plots.pass_rate_plot(f"pass-{number}", facts.pass_rates),
        plots.length_plot(
            f"length-{number}", counts[Outcome.ACCEPTED], counts[Outcome.REJECTED], facts.lengths.width
        ),
    )


def _growth(views: Sequence[RunView]) -> Markup:
    """Accepted responses added up, from the moment that each run was made."""
    seconds = [
        [(point.moment - view.facts.summary.run.created_at).total_seconds() for point in view.facts.growth]
        for view in views
    ]
    longest = max((of_run[-1] for of_run in seconds if of_run), default=0.0)
    unit, _, length = next((unit for unit in _UNITS if longest >= unit[1]), ("seconds", 0.0, 1.0))
    lines = []
    for view, of_run in zip(views, seconds, strict=True):
        totals = list(accumulate(point.accepted for point in view.facts.growth))
        lines.append(plots.Line([0.0, *(max(0.0, at) / length for at in of_run)], [0.0, *totals]))
    return plots.growth_plot("growth", lines, unit)


def _check_may_write(out: Path) -> None:
    """Before the work is done, not after it."""
    if not out.parent.is_dir():
        raise ConfigError(f"{out}: its folder is missing; make it with `mkdir -p '{out.parent}'`")
    if out.exists() and not out.is_file():
        raise ConfigError(f"{out}: cannot be written: it is no file; name one by --out")
    try:
        with out.open("rb") as file:
            is_ours = file.read(len(_FIRST)) == _FIRST.encode()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written: {error.strerror}") from error
    if not is_ours:
        raise ConfigError(f"{out}: is there already, and is no report; name another file by --out")
