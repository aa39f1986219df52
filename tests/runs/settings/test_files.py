import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gristmill.runs.settings.files import with_texts
from gristmill.runs.settings.recipe import as_toml, resumed_config, run_config
from gristmill.runs.settings.run import differences
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Structure, StructureKind
from tests.support.commands import SCRIPTED, Workplace

SCHEMA = '{\n  "type": "object",\n  "properties": {"é": {"const": "\\u00e9\\\\"}}\n}\n'
GRAMMAR = 'start: /[^\\n]+/ "\\n"\n// the end\n'
DATASET = {"dataset": {"dataset": "demo"}}
POLICY = '[policy]\npolicy = "uniform"\nquota = 1\nceiling = 2\n'
RUN = ("run", "dart-uniform", *SCRIPTED, "--quota", "1", "--ceiling", "2", "--limit", "4", "--run-id", "r")


def recipe_with(folder: Path, **verifier: object) -> str:
    """A recipe file with these verifier settings."""
    folder.mkdir(exist_ok=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in verifier.items()]
    (folder / "recipe.toml").write_text(POLICY + "[verifier]\n" + "\n".join(lines) + "\n")
    return str(folder / "recipe.toml")


def test_a_recipe_names_files_from_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = recipe_with(tmp_path / "recipes", verifier="structure", json_schema="answer.json")
    (tmp_path / "recipes" / "answer.json").write_text(SCHEMA)
    (tmp_path / "answer.json").write_text("true")
    monkeypatch.chdir(tmp_path)
    for name in (recipe, "recipes/recipe.toml"):
        assert run_config(name, DATASET).verifier.structure() == Structure(StructureKind.JSON_SCHEMA, SCHEMA)


def test_a_flag_names_a_file_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = recipe_with(tmp_path / "recipes")
    (tmp_path / "recipes" / "answer.lark").write_text('start: "other"')
    (tmp_path / "answer.lark").write_text(GRAMMAR)
    monkeypatch.chdir(tmp_path)
    config = run_config(recipe, {**DATASET, "verifier": {"grammar": "answer.lark"}})
    assert config.verifier.grammar == GRAMMAR


def test_a_flag_stands_in_place_of_the_recipes_structure(tmp_path: Path) -> None:
    recipe = recipe_with(tmp_path, json_schema=SCHEMA, answer_field="answer")
    by_regex = run_config(recipe, {**DATASET, "verifier": {"regex": r"\d+"}}).verifier
    assert (by_regex.json_schema, by_regex.regex, by_regex.answer_field) == (None, r"\d+", None)
    by_schema = run_config(recipe, {**DATASET, "verifier": {"json_schema": "true"}}).verifier
    assert (by_schema.json_schema, by_schema.answer_field) == ("true", "answer")
    alone = run_config(recipe, {**DATASET, "verifier": {"verifier": "structure"}}).verifier
    assert (alone.json_schema, alone.answer_field) == (SCHEMA, None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("json_schema", SCHEMA),
        ("json_schema", ' {"type": "string"}'),
        ("json_schema", "true"),
        ("json_schema", "false\n"),
        ("grammar", 'start: "a"'),
        ("grammar", GRAMMAR),
        ("regex", "answer.json"),
        ("regex", "{"),
    ],
)
def test_what_is_a_text_names_no_file(tmp_path: Path, name: str, text: str) -> None:
    assert with_texts({name: text}, tmp_path / "missing") == {name: text}


def test_a_file_may_have_any_name_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "true").write_text("\ufeff" + SCHEMA)
    assert with_texts({"json_schema": "./true"}, tmp_path) == {"json_schema": SCHEMA}


def test_values_that_are_no_text_are_left_to_the_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--json-schema: Input should be a valid string"):
        run_config(recipe_with(tmp_path, json_schema=5), DATASET)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("json_schema", "missing.json", "--json-schema: .*/missing.* cannot be read: No such file"),
        ("grammar", "missing.lark", "--grammar: .*/missing.* cannot be read: No such file"),
        ("grammar", ".", "--grammar: .* cannot be read: Is a directory"),
        ("json_schema", "latin", "--json-schema: .*/latin cannot be read: it is not UTF-8"),
        ("json_schema", "n\0l", "--json-schema: .* cannot be read: .*its name cannot be one"),
        ("json_schema", "x" * 5000, r"--json-schema: .{1,90}\.\.\. cannot be read: File name too long"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_file_that_cannot_be_read_is_named_with_its_flag(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9\xff")
    with pytest.raises(ConfigError, match=message):
        with_texts({name: value}, tmp_path)


@pytest.mark.parametrize(
    "structure", [{"json_schema": SCHEMA}, {"grammar": GRAMMAR}, {"regex": r'"\d\t"'}], ids=str
)
def test_what_is_printed_holds_the_text_and_is_a_recipe(tmp_path: Path, structure: dict[str, str]) -> None:
    config = run_config("vanilla", {**DATASET, "verifier": {**structure, "verifier": "structure"}})
    printed = tmp_path / "mine.toml"
    printed.write_text(as_toml(config))
    assert run_config(str(printed), {}).model_copy(update={"recipe": "vanilla"}) == config


def test_another_structure_is_a_difference_told_in_few_words() -> None:
    long = [json.dumps({"enum": [f"{i:09}" for i in range(1000)] + [last]}) for last in "ab"]
    stored, asked = (
        run_config("vanilla", {**DATASET, "verifier": {"verifier": "structure", "json_schema": text}})
        for text in long
    )
    [difference] = differences(stored, asked)
    before, after = difference.removeprefix("json_schema: stored ").split(", asked ")
    assert before != after
    assert len(difference) < 400


def test_going_on_with_another_kind_of_structure_is_a_difference_in_both() -> None:
    stored = run_config("vanilla", {**DATASET, "verifier": {"verifier": "structure", "json_schema": "true"}})
    asked = resumed_config(stored, {"verifier": {"regex": "a"}})
    changed = list(differences(stored, asked))
    assert changed == ["json_schema: stored true, asked None", "regex: stored None, asked a"]
    assert list(differences(stored, resumed_config(stored, {"verifier": {"json_schema": "true"}}))) == []


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (("--json-schema", "answer.json", "--answer-field", "answer"), {"rejected not-json": 8}),
        (("--regex", r"(?s).*\\boxed\{.*\}.*", "--script-pass-rate", "1"), {"accepted equal": 4}),
        (
            ("--verifier", "structure", "--regex", "(?s).+", "--script-pass-rate", "0"),
            {"accepted valid": 4},
        ),
    ],
    ids=["of another structure", "with it, to the verifier", "with it, which decides"],
)
def test_responses_are_judged_by_their_structure_first(
    workplace: Workplace, flags: tuple[str, ...], found: dict[str, int]
) -> None:
    workplace.write("answer.json", SCHEMA)
    workplace.does(*RUN, *flags)
    with closing(sqlite3.connect(workplace.store)) as connection:
        rows = connection.execute("SELECT outcome, reason, count(*) FROM verdicts GROUP BY 1, 2")
        assert {f"{outcome} {reason}": count for outcome, reason, count in rows} == found


def test_a_run_goes_on_with_its_schema_and_not_with_another(workplace: Workplace) -> None:
    schema = workplace.write("answer.json", SCHEMA)
    workplace.does(*RUN, "--json-schema", "answer.json", "--answer-field", "answer")
    schema.write_text('{"type": "array"}')
    said = workplace.refuses(*RUN, "--json-schema", "answer.json", "--answer-field", "answer")
    assert 'json_schema: stored { "type": "object"' in said
    assert 'asked {"type": "array"}' in said
    assert "json_schema: stored" in workplace.refuses(
        "run", "--run-id", "r", "--direct", "--json-schema", "answer.json"
    )
    assert "asked a" in workplace.refuses("run", "--run-id", "r", "--direct", "--regex", "a")
    schema.unlink()
    workplace.does("run", "--run-id", "r", "--direct")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--json-schema", '{"type": "objct"}'), "--json-schema: $.type of the schema: 'objct' is not valid"),
        (("--json-schema", '{"$ref": "http://127.0.0.1:9/a"}'), "--json-schema: the reference 'http://127"),
        (("--json-schema", "missing.json"), "--json-schema: missing.json cannot be read: No such file"),
        (("--regex", "(a"), "--regex: not a regular expression that Python takes"),
        (("--grammar", "start: b"), "--grammar: not a grammar in Lark's syntax"),
        (("--json-schema", "true"), "[verifier]: json_schema: say verifier 'structure'"),
        (("--verifier", "structure"), "[verifier]: verifier: 'structure' needs one of"),
        (("--regex", "a", "--json-schema", "true"), "[verifier]: json_schema and regex: give only one"),
    ],
)
def test_a_structure_that_is_wrong_ends_the_command_before_the_first_draw(
    workplace: Workplace, flags: tuple[str, ...], message: str
) -> None:
    assert workplace.refuses(*RUN, *flags).startswith(message)
    assert not workplace.holds_a_run()
