"""Counts and cost of one run, read from the store: what the console, `status`, artifacts and reports show.

Cost: tokens in and out, and per accepted response, by level; money where prices are known. Seconds of a level
are those of its requests, which overlap, and so cannot be compared with the time of the run. A price is a
setting, in whatever currency: it is nowhere looked up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from gristmill.db.reports.summary import LevelRow, ReasonRow, by_level, by_reason, by_stop, failure_kinds
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, Session, reading
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import StopReason

if TYPE_CHECKING:
    from gristmill.runs.settings.run import RunSettings

_MILLION = 1e6
_COLUMNS = ("tokens in", "tokens out", "tokens per accepted", "request s per accepted")


@dataclass(frozen=True, slots=True)
class Prices:
    """Per million tokens of prompts and of responses; None: not known."""

    prompt: float | None = None
    completion: float | None = None

    @property
    def known(self) -> bool:
        return self.prompt is not None or self.completion is not None

    def cost(self, row: LevelRow) -> float:
        """A price that is not known counts as nothing."""
        prompt = row.prompt_tokens * (self.prompt or 0.0)
        return (prompt + row.completion_tokens * (self.completion or 0.0)) / _MILLION


def prices_of(settings: "RunSettings") -> Prices:
    return Prices(settings.price_per_million_prompt_tokens, settings.price_per_million_completion_tokens)


def added_up(name: str, levels: Sequence[LevelRow]) -> LevelRow:
    """The sums of these levels, under one name."""
    counts = (field.name for field in fields(LevelRow) if field.name != "level")
    return LevelRow(name, *(sum(getattr(row, count) for row in levels) for count in counts))


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Counts of one run as the store has them now. `stops` counts problems, with None for those still
    open.
    """

    run: RunRecord
    levels: list[LevelRow]
    reasons: list[ReasonRow]
    stops: dict[StopReason | None, int]
    failures: dict[str, int]
    prices: Prices

    @property
    def total(self) -> LevelRow:
        """All levels together."""
        return added_up("all", self.levels)


def read_summary(engine: Engine, run_id: str, prices: Prices | None = None) -> RunSummary:
    """`prices` go before those of the run's configuration. Raises ConfigError where there is no such run."""
    with reading(engine) as session:
        return summary_in(session, run_id, prices)


def summary_in(session: Session, run_id: str, prices: Prices | None = None) -> RunSummary:
    """As `read_summary`, at the moment of this session."""
    run = stored_run(session, run_id)
    return RunSummary(
        run=run,
        levels=by_level(session, run_id),
        reasons=by_reason(session, run_id),
        stops=by_stop(session, run_id),
        failures=failure_kinds(session, run_id),
        prices=prices or _stored_prices(run),
    )


def _stored_prices(run: RunRecord) -> Prices:
    """Without the classes of a whole configuration, which take a second to import."""
    try:
        settings = json.loads(run.config)["config"]["run"]
        return Prices(
            settings["price_per_million_prompt_tokens"], settings["price_per_million_completion_tokens"]
        )
    except (ValueError, KeyError, TypeError) as exc:
        raise StoreError(f"the configuration of run {run.id} is of another version of Gristmill") from exc


def cost_columns(prices: Prices) -> tuple[str, ...]:
    """The headings of `cost_cells`."""
    return (*_COLUMNS, "price", "price per accepted") if prices.known else _COLUMNS


def cost_cells(row: LevelRow, prices: Prices) -> tuple[str, ...]:
    """One level as text, a dash where nothing was accepted."""
    tokens = row.prompt_tokens + row.completion_tokens
    cells = [
        f"{row.prompt_tokens:,}",
        f"{row.completion_tokens:,}",
        _per_accepted(row, tokens, ",.0f"),
        _per_accepted(row, row.seconds, ",.1f"),
    ]
    if prices.known:
        price = prices.cost(row)
        cells += [f"{price:,.4f}", _per_accepted(row, price, ",.6f")]
    return tuple(cells)


def per_accepted_line(total: LevelRow, elapsed_seconds: float) -> str:
    """Tokens and time of the whole run over the accepted responses, of which there must be one."""
    tokens = total.prompt_tokens + total.completion_tokens
    return (
        f"{tokens / total.accepted:,.0f} tokens and {elapsed_seconds / total.accepted:,.2f} s of the run "
        "per accepted response"
    )


def _per_accepted(row: LevelRow, amount: float, form: str) -> str:
    return format(amount / row.accepted, form) if row.accepted else "-"
