"""Seeds and fragments: which field is read, what is told of a row that holds none, what is one subject."""

import json
from collections import Counter
from pathlib import Path

import pytest

from gristmill.db.sessions import Engine
from gristmill.generators.makers import MakerName
from gristmill.problems.documents import read_documents
from gristmill.runs.instructions.make import make_instructions
from gristmill.runs.instructions.materials import gate_seeds, open_fragments, read_seeds, seed_problem
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.sampling.candidates import Material
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import problem_id
from tests.support.sampling_runs import ScriptedGenerators, made_config
from tests.support.sessions import a_session, prepared

MILL = (
    "Windmills grind grain by the power of the wind. The miller turns the cap until the sails face it, sets "
    "the sails, and lets the stones run. A good miller listens to the stones and hears when the flour "
    "becomes too hot, since hot flour spoils and nobody buys the bread that is baked from it."
)
LICENCE = (
    "The licence of this work permits anyone to copy and to change every part of it, as long as the names of "
    "its authors stay where they are now. Whoever passes it on has to say what was changed, and must not "
    "claim that the authors agree with the change."
)


def seeds_of(path: Path, **fields: object) -> list[Material]:
    settings = {"maker": "self-instruct", "seeds": str(path), **fields}
    return read_seeds(InstructionSettings.model_validate(settings))


def written(folder: Path, *rows: object, name: str = "seeds.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


ROWS = {
    "instruction": ({"instruction": "Name it.", "problem": "no"}, "Name it.", ""),
    "question": ({"question": "What is it?"}, "What is it?", ""),
    "problem": ({"problem": "1 + 1?", "prompt": "no"}, "1 + 1?", ""),
    "prompt": ({"prompt": "Say it."}, "Say it.", ""),
    "an empty field is passed over": ({"instruction": "", "question": "What?"}, "What?", ""),
    "one that is null, too": ({"instruction": None, "question": "What?"}, "What?", ""),
    "blanks at the ends": ({"instruction": " Name it.\n"}, "Name it.", ""),
    "an input": ({"instruction": "Sum up.", "input": " A text.\n"}, "Sum up.", "A text."),
    "an empty input": ({"instruction": "Sum up.", "input": " "}, "Sum up.", ""),
    "instances": (
        {"instruction": "Sum up.", "instances": [{"input": "One."}, {"input": "Two."}]},
        "Sum up.",
        "One.",
    ),
    "an input before instances": (
        {"instruction": "Sum up.", "input": "Own.", "instances": [{"input": "One."}]},
        "Sum up.",
        "Own.",
    ),
    "no instance": ({"instruction": "Sum up.", "instances": []}, "Sum up.", ""),
    "instances of another form": ({"instruction": "Sum up.", "instances": ["One."]}, "Sum up.", ""),
    "an input that is no text": ({"instruction": "Sum up.", "input": [1]}, "Sum up.", ""),
    "a NUL": ({"instruction": "Name\x00it."}, "Name\x00it.", ""),
}


@pytest.mark.parametrize(("row", "text", "given"), ROWS.values(), ids=ROWS)
def test_the_first_field_that_holds_something_is_the_seed(
    row: dict[str, object], text: str, given: str, tmp_path: Path
) -> None:
    (seed,) = seeds_of(written(tmp_path, row))
    assert (seed.text, seed.input, seed.level) == (text, given, "")
    assert seed.whole == (f"{text}\n\n{given}" if given else text)
    assert seed.key == seed.parent == problem_id(seed.whole, "")
    assert seed.origin == {"file": "seeds.jsonl", "line": "1"}


def test_fields_of_ones_own_are_tried_in_their_order(tmp_path: Path) -> None:
    path = written(tmp_path, {"b": "B", "a": "A"}, {"a": "A2", "instruction": "no"})
    assert [seed.text for seed in seeds_of(path, seed_field=" b ,, a")] == ["B", "A2"]


LEVELS = [("writing", "writing"), (" writing ", "writing"), (3, "3"), (None, ""), ("", "")]


@pytest.mark.parametrize(("value", "level"), LEVELS)
def test_the_kind_of_a_seed_is_its_level(value: object, level: str, tmp_path: Path) -> None:
    path = written(tmp_path, {"instruction": "Name it.", "kind": value})
    assert [seed.level for seed in seeds_of(path, seed_level_field="kind")] == [level]


def test_the_same_seed_twice_is_one_and_is_said_to_come_from_the_first_place(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"instruction": "Sum up.", "input": "A."},
        {"instruction": "Sum up.", "input": "B."},
        {"question": "Sum up. ", "input": "A."},
    )
    assert [(seed.input, seed.origin["line"]) for seed in seeds_of(path)] == [("A.", "1"), ("B.", "2")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"text": "Name it.", "id": 4},
            r"^seeds\.jsonl line 2: no text in the field instruction or question or problem or prompt; the "
            r"row has text, id \(--seed-field names another\)$",
        ),
        ({"instruction": 4}, "no text in the field instruction"),
        ({"instruction": ["Name it."]}, "no text in the field instruction"),
        ({"instruction": " \n"}, "line 2: no text in the field instruction"),
        ({}, "the row has no fields"),
        ({"instruction": "Name \ud800."}, "line 2: holds half of a surrogate pair"),
        ({"instruction": "Name it.", "input": "\ud800"}, "line 2: holds half of a surrogate pair"),
        ({"instruction": "Name it.", "kind": "\ud800"}, "line 2: holds half of a surrogate pair"),
        ("Name it.", "line 2: is a JSON string, not an object"),
    ],
)
def test_a_row_without_a_seed_is_told_by_file_line_and_field(
    row: object, message: str, tmp_path: Path
) -> None:
    path = written(tmp_path, {"instruction": "Say it."}, row)
    with pytest.raises(DataError, match=message):
        seeds_of(path, seed_level_field="kind")


def test_a_row_that_is_no_json_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "seeds.jsonl"
    path.write_text('{"instruction": "Say it."}\n{"instruction": \n')
    with pytest.raises(DataError, match=r"seeds\.jsonl line 2: is not JSON"):
        seeds_of(path)


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_a_file_without_a_row_is_told(content: str, tmp_path: Path) -> None:
    path = tmp_path / "seeds.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=r"seeds\.jsonl.* is empty"):
        seeds_of(path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope.jsonl", "^seeds: there is no file or folder .*nope.jsonl$"),
        ("seeds.docx", "^seeds: seeds.docx is of no known format; known endings: .jsonl"),
        (".", "^seeds: the folder .* was not saved by datasets"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_as_that_of_the_seeds(
    name: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "seeds.docx").touch()
    with pytest.raises(ConfigError, match=message):
        seeds_of(tmp_path / name)


def test_seeds_come_from_every_format_that_a_data_set_may_have(tmp_path: Path) -> None:
    path = tmp_path / "seeds.csv"
    path.write_text("instruction,input\nSum up.,A text.\nName it.,\n")
    assert [seed.whole for seed in seeds_of(path)] == ["Sum up.\n\nA text.", "Name it."]


def test_a_seed_as_it_is_stored_has_the_id_that_its_instructions_name(tmp_path: Path) -> None:
    (seed,) = seeds_of(written(tmp_path, {"instruction": "Sum up.", "input": "A."}))
    problem = seed_problem(seed, "some/where/seeds.jsonl")
    assert (problem.id, problem.prompt, problem.reference) == (seed.parent, "Sum up.\n\nA.", "")
    assert problem.id == problem_id(problem.prompt, problem.reference)
    assert (problem.source, problem.parents, problem.origin) == ("seeds", (), seed.origin)


def test_all_seeds_stand_against_candidates_but_where_these_hold_them_word_for_word() -> None:
    seeds = [Material("a", "a", "Name it.")]
    for maker in MakerName:
        assert list(gate_seeds(maker, seeds)) == ([] if maker is MakerName.CONSTRAINED else seeds)


def fragments_of(folder: Path, maker: str, seed: int = 0) -> list[Material]:
    settings = {"maker": maker, "documents": [str(folder)]}
    return list(open_fragments(InstructionSettings.model_validate(settings), seed))


def test_a_fragment_says_where_in_which_document_it_stands(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(f"# Mills\n\n{MILL}\n")
    (document,) = read_documents([str(tmp_path)])
    fragments = fragments_of(tmp_path, "extract-then-generate")
    assert [fragment.level for fragment in fragments] == ["keyword", "sentence", "passage"]
    for fragment in fragments:
        spans = json.loads(fragment.origin["spans"])
        assert ", ".join(document.text[start:end] for start, end in spans) == fragment.text
        assert fragment.origin["file"] == "mill.md"
        assert fragment.origin["granularity"] == fragment.level
        assert fragment.parent == document.id
        assert fragment.whole == fragment.text


def test_questions_are_asked_about_passages_alone(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(MILL)
    assert [fragment.level for fragment in fragments_of(tmp_path, "grounded-qa")] == ["passage"]


def test_fragments_are_the_same_each_time_and_others_for_another_seed(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(MILL)
    first = fragments_of(tmp_path, "extract-then-generate")
    assert first == fragments_of(tmp_path, "extract-then-generate")
    others = [fragments_of(tmp_path, "extract-then-generate", seed) for seed in range(1, 9)]
    assert any(other != first for other in others)


def test_a_fragment_that_stands_in_several_documents_is_one_subject(tmp_path: Path) -> None:
    for name, words in {"a.md": LICENCE, "b.md": f"{LICENCE}\n\nSecond edition", "c.md": MILL}.items():
        (tmp_path / name).write_text(words)
    one, two, three = fragments_of(tmp_path, "grounded-qa")
    assert one.text == two.text == LICENCE
    assert one.key == two.key != three.key
    assert one.parent != two.parent


async def test_a_subject_of_several_documents_is_asked_about_no_oftener_than_any_other(
    engine: Engine, tmp_path: Path
) -> None:
    """Two subjects, neither of which anything is made of: each has its four draws, and the run an end."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.md").write_text(f"{LICENCE}\n\nEdition {number}")
    (folder / "mill.md").write_text(MILL)
    settings = {"documents": (str(folder),), "subject_draws": 4, "target": 50}
    config = made_config("grounded-qa", settings)
    generators = ScriptedGenerators(lambda problem, draw: "")
    async with generators:
        await make_instructions(await prepared(a_session(engine, config, generators)))
    assert Counter(Counter(problem.reference for problem, _ in generators.asked).values()) == {4: 2}


def test_the_same_words_at_another_granularity_are_another_subject(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(f"{LICENCE.replace('. Whoever', ', and whoever')}")
    sentence, passage = fragments_of(tmp_path, "extract-then-generate")[1:]
    assert sentence.text == passage.text
    assert sentence.key != passage.key
