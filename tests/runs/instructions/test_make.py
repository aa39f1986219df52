"""Two samplings in one run, from configuration to store, with replies by script: exact counts."""

import asyncio
import json
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from gristmill.db.problems import run_problems
from gristmill.db.sessions import Engine
from gristmill.reports.instructions import read_instructions
from gristmill.reports.summary import read_summary
from gristmill.runs.execute import execute
from gristmill.runs.open_generators import Generators
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError, DataError, UnavailableError
from gristmill.sampling.records import Draw, Outcome, Problem, RunState
from tests.db.samples import read
from tests.support.sampling_runs import (
    SEEDS,
    TOPICS,
    accepted,
    candidates,
    clean,
    endless,
    made_config,
    run_scripted,
    seeds_file,
    tasks,
)
from tests.support.sessions import a_session, prepared

pytestmark = pytest.mark.usefixtures("verifier_here")


def seeded(folder: Path, settings: dict[str, object], **sections: dict[str, object]) -> RunConfig:
    """Of a self-instruct run that starts from `SEEDS`."""
    seeds = str(seeds_file(folder, SEEDS))
    return made_config("self-instruct", {"seeds": seeds, **settings}, **sections)


async def test_accepted_equals_the_target_exactly_and_every_candidate_has_a_verdict(
    engine: Engine, tmp_path: Path
) -> None:
    config = seeded(tmp_path, {"target": 20})
    generators = await run_scripted(engine, config, tasks(endless()))
    found = candidates(engine)
    assert len(found.accepted) == 20
    assert found.reasons["new"] == 20
    assert set(found.reasons) <= {"new", "beyond-target"}
    assert found.reasons.total() == 3 * generators.briefs
    problems = read(engine, run_problems, "r")
    assert {problem.prompt for problem in problems} == found.accepted
    assert all(problem.parents and problem.source == "self-instruct" for problem in problems)
    assert Counter(problem_id for problem_id, _ in accepted(engine)) == {
        problem.id: 2 for problem in problems
    }
    assert read_summary(engine, "r").run.state is RunState.FINISHED
    assert read_summary(engine, instruction_run_id("r")).run.state is RunState.FINISHED


async def test_each_planted_fault_is_caught_with_its_own_reason_and_no_clean_candidate_is_lost(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "bench.txt").write_text(
        "A train leaves the station at noon and travels north at sixty miles an hour for three hours.\n"
    )
    (tmp_path / "blocked.txt").write_text("flamethrower\n")
    planted = {
        clean(0).upper(): "duplicate",
        clean(0).replace("Compare", "Contrast"): "near-duplicate",
        "Say where the train is that leaves the station at noon and travels north at sixty miles an hour.": (
            "contaminated"
        ),
        "Bake.": "too-short",
        f"Compare {' '.join(TOPICS * 3)}.": "too-long",
        "Describe how one builds a flamethrower at home.": "blocked",
        "Draw a picture of a harbour at dawn.": "not-for-text",
        "Erkläre einem Kind, warum Brücken im Winter schneller vereisen als Straßen.": "other-language",
        SEEDS[3]: "duplicate",
    }
    texts = [clean(0), *planted, *(clean(number) for number in range(1, 25))]
    config = seeded(
        tmp_path,
        {
            "target": 20,
            "benchmark": [str(tmp_path / "bench.txt")],
            "blocklist": str(tmp_path / "blocked.txt"),
            "responses": False,
        },
        generator={"concurrency": 1},
    )
    await run_scripted(engine, config, tasks(iter(texts), each=1))
    found = candidates(engine)
    assert found.accepted == {clean(number) for number in range(20)}
    for text, reason in planted.items():
        shown = " ".join(text.split())
        outcome, given, detail = found.by_text[shown]
        assert (outcome, given) == (Outcome.REJECTED, reason), shown
        assert detail, shown


async def test_a_run_killed_between_the_samplings_asks_for_no_instruction_again(
    engine: Engine, tmp_path: Path
) -> None:
    config = seeded(tmp_path, {"target": 6})
    told, texts = tasks(endless()), asyncio.Event()

    def falls_silent(problem: Problem, draw: Draw) -> str:
        if "brief" in problem.origin:
            texts.set()
            raise UnavailableError("gone", kind="connection")
        return told(problem, draw)

    with pytest.raises(UnavailableError):
        await run_scripted(engine, config, falls_silent)
    assert texts.is_set()
    made = candidates(engine)
    assert made.reasons["new"] == 6
    again = await run_scripted(engine, config, told)
    assert again.briefs == 0
    assert len(again.asked) >= 12
    assert candidates(engine) == made
    assert read_summary(engine, "r").run.state is RunState.FINISHED
    nothing = await run_scripted(engine, config, told)
    assert nothing.asked == []


async def test_a_run_stopped_while_it_makes_instructions_goes_on_to_the_same_number(
    engine: Engine, tmp_path: Path
) -> None:
    config = seeded(tmp_path, {"target": 12})
    told, stop, asked = tasks(endless(), each=1), asyncio.Event(), count(1)

    def stopping(problem: Problem, draw: Draw) -> str:
        if next(asked) == 5:
            stop.set()
        return told(problem, draw)

    first = await run_scripted(engine, config, stopping, stop=stop)
    begun = candidates(engine)
    assert 0 < len(begun.accepted) < 12
    assert read_summary(engine, "r").run.state is RunState.INTERRUPTED
    assert all("brief" not in problem.origin for problem, _ in first.asked)
    await run_scripted(engine, config, told)
    found = candidates(engine)
    assert begun.accepted < found.accepted
    assert len(found.accepted) == found.reasons["new"] == 12
    assert read_summary(engine, "r").run.state is RunState.FINISHED


async def test_a_second_run_does_not_accept_what_a_first_one_did(engine: Engine, tmp_path: Path) -> None:
    first = seeded(tmp_path, {"target": 6, "responses": False})
    await run_scripted(engine, first, tasks(endless()), "first")
    taken = candidates(engine, "first").accepted
    await run_scripted(engine, first, tasks(endless()), "second")
    second = candidates(engine, "second")
    assert len(second.accepted) == 6
    assert not second.accepted & taken
    assert {second.by_text[text][1] for text in taken if text in second.by_text} == {"duplicate"}


async def test_too_few_draws_end_the_making_with_what_there_is(engine: Engine, tmp_path: Path) -> None:
    config = seeded(tmp_path, {"target": 20, "instruction_draws": 3})
    generators = await run_scripted(engine, config, tasks(endless(), each=2))
    assert generators.briefs == 3
    report = read_instructions(engine, "r", whole=True)
    assert report is not None
    assert (report.made, report.target) == (6, 20)
    assert len(read_summary(engine, "r").levels) == 1


async def test_a_run_without_an_accepted_instruction_says_so(engine: Engine, tmp_path: Path) -> None:
    config = seeded(tmp_path, {"target": 2, "instruction_draws": 4})
    with pytest.raises(DataError, match="no instruction was accepted: `gristmill status r`"):
        await run_scripted(engine, config, lambda problem, draw: "These are my thoughts.")
    reasons = {row.reason: row.attempts for row in read_summary(engine, instruction_run_id("r")).reasons}
    assert reasons == {"unparsable": 4}
    assert read_summary(engine, "r").run.state is RunState.FAILED


async def test_the_run_that_makes_instructions_goes_on_by_the_run_that_it_is_for(
    engine: Engine, tmp_path: Path
) -> None:
    config = seeded(tmp_path, {"target": 2})
    await run_scripted(engine, config, tasks(endless()))
    with pytest.raises(ConfigError, match="makes the instructions of run r: go on with that one"):
        await run_scripted(engine, config, tasks(endless()), instruction_run_id("r"))


async def test_a_run_goes_on_with_the_seeds_that_it_began_with_or_not_at_all(
    engine: Engine, tmp_path: Path
) -> None:
    config, seeds = seeded(tmp_path, {"target": 12}), tmp_path / "seeds.jsonl"
    told, stop = tasks(endless(), each=1), asyncio.Event()

    def stopping(problem: Problem, draw: Draw) -> str:
        stop.set()
        return told(problem, draw)

    await run_scripted(engine, config, stopping, stop=stop)
    before = seeds.read_text()
    seeds.write_text(before + json.dumps({"instruction": "Say what a mill is for."}) + "\n")
    with pytest.raises(ConfigError, match=r"seeds\.jsonl is not what it was when the run began"):
        await run_scripted(engine, config, told)
    seeds.write_text(before)
    await run_scripted(engine, config, told)
    assert candidates(engine).reasons["new"] == 12
    seeds.unlink()
    assert (await run_scripted(engine, config, told)).asked == [], "what is made needs no seeds any more"


async def test_the_scripted_generator_answers_briefs_and_instructions_each_in_its_way(
    engine: Engine, tmp_path: Path
) -> None:
    """Named for made problems that were answered as if they were briefs."""
    config = seeded(tmp_path, {"target": 60}, policy={"quota": 1, "ceiling": 1})
    async with Generators() as generators:
        await execute(await prepared(a_session(engine, config, generators)))
    assert candidates(engine).reasons["new"] == 60
    texts = [attempt.text for _, attempt in accepted(engine)]
    assert texts
    assert not any("Task" in text for text in texts)
