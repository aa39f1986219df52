"""What can be wrong with a command that makes instructions: one line, exit code 1 or 2, nothing written."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from gristmill.cli.main import main
from tests.support.commands import Workplace

SCRIPTED = ("--direct", "--backend", "scripted", "--seed", "7", "--no-responses")
DEMO = ("--dataset", "demo", "--quota", "1", "--ceiling", "2")
SEEDS = ("--seeds", "seeds.jsonl", "--target", "2")
PROSE = (
    "Windmills grind grain by the power of the wind. The miller turns the cap until the sails face it, sets "
    "the sails, and lets the stones run. A good miller listens to the stones and hears when the flour "
    "becomes too hot, since hot flour spoils and nobody buys the bread that is baked from it.\n"
)


@pytest.fixture
def bench(workplace: Workplace) -> Workplace:
    """A working directory with seeds and documents, good ones and bad ones."""
    rows = [{"instruction": text, "kind": "writing"} for text in ("Name a river.", "Sum up the tale.")]
    workplace.write("seeds.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    workplace.write("texts.jsonl", '{"text": "Name it.", "id": 1}\n')
    workplace.write("seeds.docx", "")
    workplace.write("mill.md", PROSE)
    workplace.write("short.md", "Too short.")
    return workplace


REFUSED = {
    "seeds of another format": (
        ["constrained", "--seeds", "seeds.docx"],
        "seeds: seeds.docx is of no known format; known endings: .jsonl",
    ),
    "an empty path": (["grounded-qa", "--documents", ""], "--documents: an empty path is named"),
    "documents without prose": (
        ["extract-then-generate", "--documents", "short.md"],
        "short.md: no fragment in it that an instruction could be made of",
    ),
    "a data set and a maker": (
        ["self-instruct", *SEEDS, "--dataset", "demo"],
        "--dataset: this recipe makes its own problems and takes none",
    ),
    "a verifier that needs a reference": (
        ["self-instruct", *SEEDS, "--responses", "--verifier", "math"],
        "verifier: what self-instruct makes has no reference that 'math' could use; give one of rubric, "
        "sound, structure",
    ),
    "a verifier that is another maker's": (
        ["grounded-qa", "--documents", "mill.md", "--responses", "--verifier", "constraints"],
        "give one of grounding, rubric, sound, structure",
    ),
    "an unknown metric to select by": (
        ["self-instruct", *SEEDS, "--select-by", "wit"],
        "--select-by: 'wit' is not a metric; known: characters, words,",
    ),
    "an unknown metric to bound": (["refine", *SEEDS, "--bounds", "wit>=2"], "--bounds: 'wit' is no metric"),
    "no rubric": (
        ["self-instruct", *SEEDS, "--verifier", "rubric"],
        "rubric: the verifier 'rubric' needs",
    ),
    "a rubric that is not there": (
        ["self-instruct", *SEEDS, "--verifier", "rubric", "--rubric", "nope.md"],
        "--rubric: nope.md cannot be read: No such file or directory",
    ),
    "a benchmark that is not there": (["refine", *SEEDS, "--benchmark", "nope.jsonl"], "nope.jsonl"),
    "a benchmark without the field": (["refine", *SEEDS, "--benchmark", "texts.jsonl"], "texts.jsonl"),
    "a blocklist that is not there": (["refine", *SEEDS, "--blocklist", "nope.txt"], "nope.txt"),
    "a run to tell from that is not there": (
        ["self-instruct", *SEEDS, "--discriminator-run", "nope"],
        "discriminator_run: the store has no run 'nope",
    ),
    "a mix that is not whole": (
        ["refine", *SEEDS, "--mix", "a=0.5", "--mix", "b=0.4"],
        "--mix: the shares add up to 0.9, not to 1",
    ),
    "a mix of levels that seeds have not": (
        ["refine", *SEEDS, "--seed-level-field", "kind", "--mix", "writing=0.5", "--mix", "maths=0.5"],
        "mix: no instruction will be of the level 'maths'; what refine makes of this is of: writing (",
    ),
    "a mix where nothing has a level": (
        ["self-instruct", *SEEDS, "--seed-level-field", "kind", "--mix", "writing=1"],
        "what self-instruct makes of this is of: no level",
    ),
    "a mix of granularities that are not asked for": (
        ["grounded-qa", "--documents", "mill.md", "--mix", "keyword=1"],
        "what grounded-qa makes of this is of: passage",
    ),
    "a name that says it makes another run's": (
        ["self-instruct", *SEEDS, "--run-id", "mine.instructions"],
        "mine.instructions is how a run that makes the instructions of another is called",
    ),
}


@pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_named_in_one_line_and_no_run_is_written(
    arguments: list[str], says: str, bench: Workplace
) -> None:
    recipe, *flags = arguments
    assert says in bench.refuses("run", recipe, *SCRIPTED, *flags)
    assert not bench.holds_a_run()


def test_a_metric_whose_package_is_missing_is_told_before_anything_is_drawn(
    bench: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "profanity_check", None)
    said = bench.refuses("run", "refine", *SCRIPTED, *SEEDS, "--bounds", "toxicity<0.5")
    assert "pip install 'gristmill[toxicity]'" in said
    assert not bench.holds_a_run()


@pytest.fixture(scope="module")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the finished run `made`, which has instructions and no responses; made once."""
    folder = tmp_path_factory.mktemp("made")
    path, seeds = folder / "gristmill.db", folder / "seeds.jsonl"
    seeds.write_text('{"instruction": "Name a river."}\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{path}")
        main(["run", "self-instruct", *SCRIPTED, "--seeds", str(seeds), "--target", "2", "--run-id", "made"])
    return path


@pytest.fixture
def made(bench: Workplace, made_store: Path) -> Workplace:
    shutil.copy(made_store, bench.store)
    return bench


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("export", "made.instructions made instructions; the responses to them are in the run of its name"),
        ("reverify", "made.instructions made instructions; its candidates passed gates"),
    ],
)
def test_a_run_that_made_instructions_is_neither_exported_nor_verified_again(
    command: str, says: str, made: Workplace
) -> None:
    assert says in made.refuses(command, "made.instructions")


TAKEN = {
    "by a run of a data set": (
        ["dart-uniform", *DEMO, "--run-id", "made"],
        "run made is there already with another configuration (recipe: stored self-instruct, asked dart-u",
    ),
    "by a run of another maker": (
        ["refine", *SEEDS, "--no-responses", "--run-id", "made"],
        "run made is there already with another configuration (recipe: stored self-instruct, asked refine",
    ),
    "by a run of a data set, the making": (
        ["dart-uniform", *DEMO, "--run-id", "made.instructions"],
        "run made.instructions is there already with another configuration (recipe: stored self-instruct",
    ),
}


@pytest.mark.parametrize(("arguments", "says"), TAKEN.values(), ids=TAKEN)
def test_the_name_of_a_run_of_another_kind_is_taken(arguments: list[str], says: str, made: Workplace) -> None:
    recipe, *flags = arguments
    before = made.does("status", "made")
    assert says in made.refuses("run", recipe, *SCRIPTED[:5], *flags)
    assert made.does("status", "made") == before


def test_a_run_whose_making_has_a_name_that_is_taken_is_refused_whole(bench: Workplace) -> None:
    main(["run", "dart-uniform", *SCRIPTED[:5], *DEMO, "--limit", "3", "--run-id", "mine.instructions"])
    before = bench.does("runs")
    said = bench.refuses("run", "self-instruct", *SCRIPTED, *SEEDS, "--run-id", "mine")
    assert said == "run mine.instructions is there already; choose another --run-id"
    assert bench.does("runs") == before


def test_where_no_instruction_was_accepted_the_last_line_says_so(bench: Workplace) -> None:
    arguments = ("self-instruct", *SCRIPTED, *SEEDS, "--instruction-draws", "3", "--script-pass-rate", "0")
    said = bench.fails("run", *arguments, "--run-id", "r")
    assert said.startswith("no instruction was accepted: `gristmill status r` says why")
    assert "empty" in bench.does("status", "r")
