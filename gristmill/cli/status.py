"""`gristmill runs`, `status` and `show`: what is in the store, as text. They read, and never write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from gristmill.db.attempts import StoredAttempt

_MOST_UNSOLVED = 20


@click.command()
def runs() -> None:
    """List the runs, newest first."""

    from gristmill.db.runs import list_runs
    from gristmill.db.sessions import reading
    from gristmill.reports.console import console
    from gristmill.reports.summary_tables import run_table
    from gristmill.runs.store import open_store

    with open_store(must_exist=True) as engine, reading(engine) as session:
        console().print(run_table(list_runs(session)))


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--price-per-million-prompt-tokens", "prompt", type=click.FloatRange(min=0), metavar="X")
@click.option(
    "--price-per-million-completion-tokens", "completion", type=click.FloatRange(min=0), metavar="X"
)
def status(run_id: str, prompt: float | None, completion: float | None) -> None:
    """Show what a run has come to: by level, cost and reason, and the problems that were never solved.

    Prices given here stand in place of those that the run was started with.
    """
    from gristmill.db.reports.report import first_unsolved
    from gristmill.db.sessions import reading
    from gristmill.db.workers.registry import workers_of
    from gristmill.reports.console import console, table
    from gristmill.reports.instructions import print_instructions, read_instructions
    from gristmill.reports.summary import Prices, read_summary
    from gristmill.reports.summary_tables import print_summary
    from gristmill.runs.store import open_store

    out, prices = console(), Prices(prompt, completion)
    with open_store(must_exist=True) as engine:
        if (made := read_instructions(engine, run_id, whole=True)) is not None:
            print_instructions(out, made)
        summary = read_summary(engine, run_id, prices if prices.known else None)
        print_summary(out, summary)
        never = summary.total.unsolved
        with reading(engine) as session:
            at_work = workers_of(session, run_id)
            shown = first_unsolved(session, run_id, _MOST_UNSOLVED, characters=0) if never else []
    if at_work:
        workers = [
            (
                seen.name,
                f"{seen.started_at:%Y-%m-%d %H:%M:%S}",
                f"{seen.silent_seconds:.0f}",
                "all" if seen.worker.alone else f"{seen.leases:,}",
            )
            for seen in at_work
        ]
        out.print()
        out.print(table("At work", ("process", "since (UTC)", "heard of, s ago", "problems leased"), workers))
    if never:
        rows = [(row.problem_id, row.level or "-", f"{row.attempts:,}") for row in shown]
        out.print()
        out.print(table(f"Unsolved problems ({never:,})", ("problem", "level", "attempts"), rows))
        if never > len(rows):
            out.print(f"... and {never - len(rows):,} more")


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--problem", required=True, metavar="ID", help="Id of the problem, or how it begins.")
def show(run_id: str, problem: str) -> None:
    """Show the attempts of a problem: texts, verdicts, and what became of draws without a response."""

    from gristmill.db.attempts import failures_of, stored_attempts
    from gristmill.db.candidates import candidates_of
    from gristmill.db.metrics import metrics_of
    from gristmill.db.problems import find_problem
    from gristmill.db.sessions import reading
    from gristmill.reports.console import console, plain
    from gristmill.runs.store import open_store, stored_run

    out = console()
    with open_store(must_exist=True) as engine, reading(engine) as session:
        stored_run(session, run_id)
        found = find_problem(session, run_id, problem)
        attempts = stored_attempts(session, run_id, found.id)
        failures = failures_of(session, run_id, found.id)
        proposed = candidates_of(session, run_id, found.id)
        measured = metrics_of(session, run_id, found.id)
    out.print(plain(f"Problem {found.id}  level {found.level or '-'}  source {found.source or '-'}"))
    out.print(plain(found.prompt))
    out.print(plain(f"reference: {found.reference}"))
    if found.parents:
        out.print(plain(f"made from: {', '.join(found.parents)}"))
    if "brief" in found.origin:
        out.print(plain(f"brief: {found.origin['brief']} of run {found.origin.get('run', '-')}"))
    for attempt in attempts:
        _print_attempt(out, attempt)
        number = attempt.attempt.draw.number
        for one in measured.get(number, ()):
            rank = "" if one.rank is None else f", rank {one.rank}"
            out.print(plain(f"{one.name} {one.value:g}{rank}"))
        for candidate in (row for draw, row in proposed if draw == number):
            detail = f": {candidate.detail}" if candidate.detail else ""
            out.print(plain(f"candidate {candidate.outcome.value} ({candidate.reason}){detail}"))
            out.print(plain(candidate.text))
    for failure in failures:
        out.print(plain(f"draw {failure.draw.number} failed: {failure.kind}: {failure.detail}"))


def _print_attempt(out: Console, stored: StoredAttempt) -> None:
    from rich.rule import Rule

    from gristmill.reports.console import plain

    draw, response = stored.attempt.draw, stored.attempt.response
    out.print(Rule(align="left", title=f"attempt {draw.number}", style="dim"))
    out.print(plain(response.text))
    out.print(
        f"seed {draw.seed}; {response.prompt_tokens} tokens in, {response.completion_tokens} out, "
        f"{response.seconds:.2f} s, "
        f"ended by {response.finish_reason.value}",
        style="dim",
    )
    for verdict in stored.verdicts:
        answer = "" if verdict.answer is None else f", answer {verdict.answer!r}"
        detail = f": {verdict.detail}" if verdict.detail else ""
        out.print(plain(f"{verdict.outcome.value} ({verdict.reason}){answer}{detail}  [{verdict.version}]"))
