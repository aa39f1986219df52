"""Progress display of a run: a live bar in a terminal, a plain line now and then elsewhere."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gristmill.reports.console import plain
from gristmill.sampling.records import RunState

if TYPE_CHECKING:
    from gristmill.runs.prepare import Prepared
    from gristmill.runs.session import Watcher
    from gristmill.sampling.pipeline import Pipeline, PipelineReport

_REFRESH_SECONDS = 0.25
_LINE_SECONDS = 10.0
PROBLEMS_DONE = "problems done"
INSTRUCTIONS_MADE = "instructions made"


def print_start(out: Console, prepared: "Prepared") -> None:
    """What a run sets out with, and what loading left out."""
    what = "starts with" if prepared.new else "goes on with"
    problems = f"{prepared.problems:,} problems"
    if prepared.config.makes_instructions and not prepared.problems:
        problems = f"{prepared.config.instructions.target:,} instructions to make"
    out.print(plain(f"Run {prepared.run_id} {what} {problems}"))
    if prepared.duplicates:
        out.print(f"{prepared.duplicates:,} rows were problems met before")
    if prepared.remark:
        out.print(plain(prepared.remark))
    for bad in prepared.skipped:
        out.print(plain(f"skipped: {bad}"))


def print_end(out: Console, report: "PipelineReport") -> None:
    """Says so when there was nothing to do."""
    if report.state is RunState.FINISHED and report.attempts + report.failures == 0:
        out.print("Nothing is missing: no request was issued")


def state_line(pipeline: "Pipeline", since: float) -> str:
    """One line of numbers; `since` is when this session began, by `perf_counter`."""
    totals = pipeline.scheduler.totals
    seconds = max(1e-9, perf_counter() - since)
    condition = f"; {pipeline.condition}" if pipeline.condition else ""
    return (
        f"{totals.attempts:,} attempts: {totals.accepted:,} accepted, {totals.rejected:,} rejected, "
        f"{totals.undecided:,} undecided; {pipeline.drawing} in flight, "
        f"{pipeline.attempts / seconds:.1f} attempts/s{condition}"
    )


def terminal_display(out: Console, done: str = PROBLEMS_DONE) -> "Watcher":
    """A live progress bar of the problems that need no more draws."""

    async def watch(pipeline: "Pipeline") -> None:
        since = perf_counter()
        columns = (
            BarColumn(bar_width=24),
            TextColumn(f"{{task.percentage:>3.0f}}% of {done}"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=out, transient=True) as progress:
            bar = progress.add_task("", total=1.0)
            while True:
                share = pipeline.scheduler.done_share
                progress.update(bar, completed=share, description=state_line(pipeline, since))
                await asyncio.sleep(_REFRESH_SECONDS)

    return watch


def line_display(
    write: Callable[[str], None], done: str = PROBLEMS_DONE, every_seconds: float = _LINE_SECONDS
) -> "Watcher":
    """A plain line now and then, the first one after a second, so that it is seen that something happens."""

    async def watch(pipeline: "Pipeline") -> None:
        since = perf_counter()
        await asyncio.sleep(1.0)
        while True:
            share = pipeline.scheduler.done_share
            write(f"{share:.0%} of {done}; {state_line(pipeline, since)}")
            await asyncio.sleep(every_seconds)

    return watch


def display(out: Console, done: str = PROBLEMS_DONE) -> "Watcher":
    """The one that suits the console; `done` is what it counts."""
    return (
        terminal_display(out, done) if out.is_terminal else line_display(lambda line: out.print(line), done)
    )
