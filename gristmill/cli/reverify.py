"""`gristmill reverify`: judge what is stored again, by today's verifier, without drawing anything anew."""

import asyncio

import click


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option(
    "--extraction",
    type=click.Choice(["boxed-only", "phrases", "lenient"]),
    help="Judge by another extraction.",
)
@click.option("--verify-timeout-seconds", type=float, help="Judge with another time-out.")
def reverify(run_id: str, extraction: str | None, verify_timeout_seconds: float | None) -> None:
    """Judge the stored attempts of a run again, and append the verdicts that changed."""

    from gristmill.reports.console import console, table
    from gristmill.runs.reverify import config_to_reverify, judge_again
    from gristmill.runs.store import open_store

    given = {"extraction": extraction, "verify_timeout_seconds": verify_timeout_seconds}
    with open_store(must_exist=True) as engine:
        config = config_to_reverify(engine, run_id, given)
        attempts, changes = asyncio.run(judge_again(engine, run_id, config))
    rows = [(f"{before} -> {after}", f"{count:,}") for (before, after), count in sorted(changes.items())]
    click.echo(f"{attempts:,} attempts judged again, {changes.total():,} verdicts appended")
    if rows:
        console().print(table("Changes", ("verdict", "attempts"), rows))
