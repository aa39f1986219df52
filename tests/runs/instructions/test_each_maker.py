"""Each maker from material to accepted problems, with replies by script: what it alone checks is checked."""

import json
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from gristmill.db.candidates import made_problems
from gristmill.db.problems import run_problems
from gristmill.db.sessions import Engine, reading
from gristmill.reports.summary import read_summary
from gristmill.runs.run_ids import instruction_run_id
from gristmill.sampling.records import Draw, Problem
from tests.db.samples import read
from tests.support.sampling_runs import (
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

pytestmark = pytest.mark.usefixtures("verifier_here")


async def test_expand_makes_three_of_each_seed_and_rejects_what_has_no_tag(
    engine: Engine, tmp_path: Path
) -> None:
    """AT-A10: ten seeds, three new ones each; a response without a tag is rejected with its reason."""
    seeds = [clean(number) for number in range(10)]
    numbers, untagged = count(), set[str]()

    def reply(problem: Problem, draw: Draw) -> str:
        subject = problem.origin["subject"]
        if len(untagged) < 2 and subject not in untagged:
            untagged.add(subject)
            return "Here are three instructions: bake, boil, fry."
        texts = [clean(30 + next(numbers)) for _ in range(3)]
        return "\n".join(f"<answer>{text}</answer>" for text in texts)

    config = made_config(
        "expand",
        {"seeds": str(seeds_file(tmp_path, seeds)), "target": 30, "responses": False},
        generator={"concurrency": 1},
    )
    generators = await run_scripted(engine, config, reply)
    found = candidates(engine)
    assert found.reasons["new"] == 30
    assert set(found.reasons) <= {"new", "beyond-target"}
    drawn = {row.reason: row.attempts for row in read_summary(engine, instruction_run_id("r")).reasons}
    assert (drawn["new"], drawn["unparsable"]) == (10, 2)
    assert generators.briefs == sum(drawn.values())
    with reading(engine) as session:
        parents = Counter(problem.parents[0] for problem in made_problems(session, instruction_run_id("r")))
    assert set(parents.values()) == {3}
    assert len(parents) == 10


async def test_a_refinement_that_loses_a_number_or_is_its_parent_again_is_rejected(
    engine: Engine, tmp_path: Path
) -> None:
    seeds = ["Tell Maria how 48 apples are shared by 6 people.", "Say why Lisbon has 7 hills."]
    replies = {
        0: "<answer>Work out, in whole sentences, a fair way of sharing some apples among guests.</answer>",
        1: "<answer>Tell Maria how 48 apples are shared by 6 people!</answer>",
        2: "<answer>For Maria, work out step by step what each of 6 people gets of 48 apples.</answer>",
    }

    def reply(problem: Problem, draw: Draw) -> str:
        if "Lisbon" in problem.reference:
            return (
                "<answer>In two paragraphs, give the geological reason for which Lisbon has 7 hills.</answer>"
            )
        return replies[draw.number]

    config = made_config(
        "refine", {"seeds": str(seeds_file(tmp_path, seeds)), "target": 2, "responses": False}
    )
    await run_scripted(engine, config, reply)
    found = candidates(engine)
    assert found.reasons == {"new": 2, "content-lost": 1, "duplicate": 1}
    lost = next(detail for _, reason, detail in found.by_text.values() if reason == "content-lost")
    assert "48" in lost


async def test_a_question_whose_quote_is_not_in_the_passage_is_ungrounded(
    engine: Engine, tmp_path: Path
) -> None:
    document = (
        "The lighthouse at Cape Ness was built in 1874 by Ann Soames, who paid for it with the profits of "
        "her rope works. It stood empty after the storm of 1921, when the keeper moved his family inland. "
        "Fishing boats still steer by its white walls, and each spring volunteers come to paint them anew.\n"
    )
    (tmp_path / "cape.txt").write_text(document)
    true = (
        "Fact: It was built in 1874.\nBackground: A lighthouse.\n"
        "Question: Who paid for the lighthouse at Cape Ness, and with what?\n"
        "Answer: Ann Soames paid for it with the profits of her rope works.\n"
        'Quote: "who paid for it with the profits of her rope works"'
    )
    made_up = true.replace("rope works", "silver mines").replace("Who paid", "Who really paid")
    replies = iter([made_up, true])

    def reply(problem: Problem, draw: Draw) -> str:
        if "brief" in problem.origin:
            return 'It was Ann Soames, "who paid for it with the profits of her rope works".'
        return next(replies)

    config = made_config(
        "grounded-qa",
        {"documents": [str(tmp_path / "cape.txt")], "target": 1},
        generator={"concurrency": 1},
    )
    await run_scripted(engine, config, reply)
    found = candidates(engine)
    assert found.reasons == {"new": 1, "ungrounded": 1}
    (problem,) = read(engine, run_problems, "r")
    assert problem.prompt.startswith("The lighthouse")
    assert json.loads(problem.reference)["quote"] in problem.prompt
    assert {attempt.reason for _, attempt in accepted(engine)} == {"grounded"}


async def test_an_instruction_that_does_not_make_its_fragment_likelier_is_misaligned(
    engine: Engine, tmp_path: Path
) -> None:
    """AT-A3's shape: three granularities with offsets, and a misaligned instruction that is caught."""
    text = (
        "Beekeepers in the north wrap their hives in straw before the first frost, since a cluster of bees "
        "can keep itself warm only while the wind stays out. The straw is taken away in April, "
        "when the willows flower, and the hives are then moved to the heather for the summer months. A "
        "good year gives twenty kilograms of dark honey from each hive, which is sold at the autumn fair.\n"
    )
    (tmp_path / "bees.txt").write_text(text)

    def reply(problem: Problem, draw: Draw) -> str:
        if "brief" in problem.origin:
            return "A sound answer."
        if problem.level == "sentence" and draw.number == 0:
            return "Name a famous painter of the Renaissance and one museum that shows her work."
        return f"Write about {problem.level} matters: {' '.join(problem.reference.split()[:25])}"

    config = made_config(
        "extract-then-generate",
        {"documents": [str(tmp_path / "bees.txt")], "target": 3, "perplexity": "on", "rouge_limit": 1.0},
        generator={"concurrency": 1},
    )
    await run_scripted(engine, config, reply)
    found = candidates(engine)
    assert found.reasons == {"new": 3, "misaligned": 1}
    problems = read(engine, run_problems, "r")
    assert {problem.level for problem in problems} == {"keyword", "sentence", "passage"}
    for problem in problems:
        spans = json.loads(problem.origin["spans"])
        pieces = [text[start:end] for start, end in spans]
        assert problem.reference == ", ".join(pieces)
        assert problem.origin["file"] == "bees.txt"


async def test_a_discriminator_turns_away_what_looks_made_up_and_the_target_is_met_exactly(
    engine: Engine, tmp_path: Path
) -> None:
    """AT-A21's loop: rejected candidates carry their probability, accepted ones are as many as wanted."""

    def told(number: int) -> str:
        things, place = TOPICS[number], TOPICS[-1 - number]
        return f"How many {things} can Anna buy at the {place} stall when she has {number + 7} coins left?"

    seeds = str(seeds_file(tmp_path, [told(number) for number in range(20)]))
    loose = {"seeds": seeds, "rouge_limit": 1.0, "near_duplicate_jaccard": 1.0, "responses": False}
    first = made_config("self-instruct", {**loose, "target": 20})
    await run_scripted(engine, first, tasks(endless()), "synthetic")
    mixed = (text for number in range(20, 40) for text in (clean(number + 40), told(number)))
    second = made_config("self-instruct", {**loose, "target": 9, "discriminator_run": "synthetic"})
    await run_scripted(engine, second, tasks(mixed, each=2), "r")
    found = candidates(engine)
    assert len(found.accepted) == found.reasons["new"] == 9
    assert all(text.startswith("How many") for text in found.accepted)
    unlike = [detail for _, reason, detail in found.by_text.values() if reason == "unlike-seeds"]
    assert len(unlike) >= 9
    assert all(detail.startswith("p(seed) 0.") for detail in unlike)


async def test_a_fragment_of_a_benchmark_makes_no_instruction(engine: Engine, tmp_path: Path) -> None:
    leaked = (
        "The ferry from Ness to the northern islands takes four hours in calm weather and nearly seven when "
        "the wind stands against the tide, as sailors have known for more than three hundred years."
    )
    (tmp_path / "text.txt").write_text(f"{leaked} {leaked.replace('ferry', 'steamer')}\n")
    (tmp_path / "bench.txt").write_text(f"{leaked}\n")
    config = made_config(
        "extract-then-generate",
        {
            "documents": [str(tmp_path / "text.txt")],
            "benchmark": [str(tmp_path / "bench.txt")],
            "target": 3,
            "subject_draws": 1,
            "perplexity": "off",
        },
    )
    await run_scripted(engine, config, lambda problem, draw: f"Say what sailors know of it, {problem.level}.")
    found = candidates(engine)
    levels = {text.split()[-1] for text, (_, reason, _) in found.by_text.items() if reason == "contaminated"}
    assert levels == {"passage.", "sentence."}
    assert {text.split()[-1] for text in found.accepted} == {"keyword."}
