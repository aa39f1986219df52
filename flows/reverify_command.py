"""`gristmill reverify`: judge what is stored again, by today's verifier, without drawing anything anew.

A verdict is appended where it differs from the current one; nothing is overwritten, so the two can be
compared.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import click
from pydantic import ValidationError

from db.sessions import Engine, reading, writing
from db.verdicts import Verified, append_verdicts, attempts_to_verify, differs
from flows.judging import open_judge
from flows.recipe import in_words
from flows.run_config import RunConfig
from flows.run_names import is_instruction_run
from flows.serving import Serving
from flows.snapshot import snapshot_from
from flows.store import open_store, stored_run
from flows.tables import console, table
from sampling.errors import ConfigError
from sampling.records import Verdict
from verifiers.settings import Extraction, VerifierSettings

_GROUP = 500
Change = tuple[str, str]


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option(
    "--extraction", type=click.Choice([e.value for e in Extraction]), help="Judge by another extraction."
)
@click.option("--verify-timeout-seconds", type=float, help="Judge with another time-out.")
def reverify(run_id: str, extraction: str | None, verify_timeout_seconds: float | None) -> None:
    """Judge the stored attempts of a run again, and append the verdicts that changed."""
    with open_store(must_exist=True) as engine:
        config = _config(engine, run_id, extraction, verify_timeout_seconds)
        attempts, changes = asyncio.run(_reverify(engine, run_id, config))
    rows = [(f"{before} -> {after}", f"{count:,}") for (before, after), count in sorted(changes.items())]
    click.echo(f"{attempts:,} attempts judged again, {changes.total():,} verdicts appended")
    if rows:
        console().print(table("Changes", ("verdict", "attempts"), rows))


def _config(engine: Engine, run_id: str, extraction: str | None, timeout_seconds: float | None) -> RunConfig:
    """The run's own configuration, with the flags on top of its verifier's settings."""
    with reading(engine) as session:
        stored = stored_run(session, run_id)
    config = snapshot_from(stored.config).config
    if config.makes_instructions and is_instruction_run(run_id):
        raise ConfigError(
            f"{run_id} made instructions; its candidates passed gates that keep what they accepted, and are "
            "not judged again"
        )
    given = {"extraction": extraction, "verify_timeout_seconds": timeout_seconds}
    kept = {**config.verifier.model_dump(), **{k: v for k, v in given.items() if v is not None}}
    try:
        return config.model_copy(update={"verifier": VerifierSettings.model_validate(kept)})
    except ValidationError as error:
        raise ConfigError(in_words(error)) from error


async def _reverify(engine: Engine, run_id: str, config: RunConfig) -> tuple[int, Counter[Change]]:
    """Group by group, each in a transaction of its own: what is cut short can be started again."""
    attempts, changes = 0, Counter[Change]()
    async with Serving() as serving, open_judge(config, serving) as judge:
        with reading(engine) as session:
            stored = attempts_to_verify(session, run_id)
            while group := await asyncio.to_thread(_next_group, stored):
                verdicts = await asyncio.gather(*(judge.judge(v.problem, v.response) for v in group))
                attempts += len(group)
                await asyncio.to_thread(_append, engine, run_id, group, verdicts, changes)
    return attempts, changes


def _next_group(stored: Iterator[Verified]) -> list[Verified]:
    return list(islice(stored, _GROUP))


def _append(
    engine: Engine, run_id: str, group: list[Verified], verdicts: list[Verdict], changes: Counter[Change]
) -> None:
    changed = [(v, new) for v, new in zip(group, verdicts, strict=True) if differs(v.verdict, new)]
    if not changed:
        return
    with writing(engine) as session:
        append_verdicts(session, run_id, [(v.problem.id, v.number, new) for v, new in changed])
    for v, new in changed:
        changes[f"{v.verdict.outcome.value}: {v.verdict.reason}", f"{new.outcome.value}: {new.reason}"] += 1
