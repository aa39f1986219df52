"""Verification of stored attempts again, by the verifier as it is now, without drawing anything.

A verdict is appended where it differs from the current one; nothing is overwritten, so the two can be
compared. Group by group, each in a transaction of its own: what is cut short can be started again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice

from pydantic import ValidationError

from gristmill.db.sessions import Engine, reading, writing
from gristmill.db.verdicts import Verified, append_verdicts, attempts_to_verify, differs
from gristmill.runs.cancellation import in_thread
from gristmill.runs.judges.open_judge import open_judge
from gristmill.runs.open_generators import Generators
from gristmill.runs.run_ids import is_instruction_run
from gristmill.runs.settings.recipe import in_words
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Verdict
from gristmill.verifiers.settings import VerifierSettings

_GROUP = 500
Change = tuple[str, str]
"""A verdict and its reason, before and after."""


def config_to_reverify(engine: Engine, run_id: str, changes: Mapping[str, object]) -> RunConfig:
    """The run's own configuration, with changes on top of its verifier's settings; None changes nothing.

    Raises ConfigError for a run that is not there, or whose candidates are not judged again.
    """
    with reading(engine) as session:
        stored = stored_run(session, run_id)
    config = snapshot_from(stored.config).config
    if config.makes_instructions and is_instruction_run(run_id):
        raise ConfigError(
            f"{run_id} made instructions; its candidates passed gates that keep what they accepted, and are "
            "not judged again"
        )
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        verifier = VerifierSettings.model_validate({**config.verifier.model_dump(), **given})
    except ValidationError as error:
        raise ConfigError(in_words(error)) from error
    return config.model_copy(update={"verifier": verifier})


async def judge_again(
    engine: Engine,
    run_id: str,
    config: RunConfig,
    watch: Callable[[int, int], None] = lambda attempts, changed: None,
) -> tuple[int, Counter[Change]]:
    """Attempts judged, and how often which verdict became which. `watch` is told of both after each group."""
    attempts, changes = 0, Counter[Change]()
    async with Generators() as generators, open_judge(config, generators) as judge:
        with reading(engine) as session:
            stored = attempts_to_verify(session, run_id)
            while group := await in_thread(lambda: list(islice(stored, _GROUP))):
                verdicts = await asyncio.gather(*(judge.judge(v.problem, v.response) for v in group))
                attempts += len(group)
                await in_thread(partial(_append, engine, run_id, group, verdicts, changes))
                watch(attempts, changes.total())
    return attempts, changes


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
