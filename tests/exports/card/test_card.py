"""What a data card says of rows, runs, columns, prompts and responses, in the order of a reader's needs."""

import pytest

from gristmill.exports.card.column_descriptions import MARKERS_IN_WORDS, column_meaning, type_words
from gristmill.exports.card.markdown import MOST_ROWS
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.marker_values import MARKERS
from tests.exports.card.cards import HEADINGS, SCHEMA, card, card_of, settings
from tests.exports.manifests import a_manifest, a_run


def test_the_text_says_where_it_comes_from() -> None:
    text = card(
        a_manifest(
            settings=settings(filter={"runs": ["run"], "min_tokens": 7}),
            left_out={"contaminated problems": 12},
            without_models=["old-model"],
            escaped_texts=3,
        )
    )
    for part in (
        "6 rows on 3 problems",
        "2026-01-02T03:04:05+00:00",
        "| `train` | 5 |",
        "| `1 sum` | 4 |",
        "| `run` | `dart-uniform` | `SmolLM2` | `math 3/math-verify 0.8` |",
        "| `run` | 3 | 9 | 6 | 2 | 1 | 75.0% |",
        "| `run` | `rejected: not-equal` | 2 |",
        "- 12 contaminated problems",
        "responses of `old-model`",
        "| `filter.min_tokens` | `7` |",
        "gristmill export --manifest manifest.json --out DIR",
        "3 texts hold what Unicode cannot encode",
        "Attempts that no verifier could decide are in no row",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("format_name", "said"),
    [
        ("kto", "no verifier could decide are in no row"),
        ("raw", "no verifier could decide are in it, with the outcome `undecided`"),
        ("rlvr", "no verifier could decide are counted as `undecided`"),
        ("reference", "no verifier looked at the references"),
    ],
)
def test_what_became_of_undecided_attempts_is_said_by_format(format_name: str, said: str) -> None:
    text = card_of(format_name)
    assert said in text
    assert ("are in no row" in text) == (format_name == "kto")


def test_what_comes_first_is_what_a_reader_needs_first() -> None:
    text = card(a_manifest())
    places = [text.index(f"\n## {heading}\n") for heading in HEADINGS]
    assert places == sorted(places)
    assert text.count("\n## ") == len(HEADINGS)
    assert text.index("No licence was given") < text.index("## Rows")


def test_how_the_responses_were_drawn_is_told_by_run() -> None:
    other = {"template": "plain", "temperature": "0", "backend": "openai", "stop": '["Q:"]'}
    text = card(
        a_manifest(runs={"run": a_run(), "two": a_run(generation=other), "old": a_run(generation={})})
    )
    assert "| `run` | `boxed` | `0.8` | - | - | - |" in text
    assert '| `two` | `plain` | `0` | - | - | `backend=openai`, `stop=["Q:"]` |' in text
    assert "The template `boxed` puts a problem so:\n\n    {problem}\n\n    Think.\n" in text
    assert "Prompts are the bare problems" in text


def test_a_script_is_not_taken_for_a_model() -> None:
    said = "Responses of `two` are made by a script"
    runs = {"run": a_run(), "two": a_run(generation={"backend": "scripted"})}
    assert said in card(a_manifest(runs=runs))
    assert "script" not in card(a_manifest())


@pytest.mark.parametrize("format_name", ["rlvr", "reference"])
def test_verifiers_are_named_where_no_attempt_is_in_a_row(format_name: str) -> None:
    text = card_of(format_name, counts={"split": {"train": 6}, "verifier": {}})
    assert "`math 3/math-verify 0.8`" in text
    assert "Nothing in them asks for a form" in text


def test_benchmarks_are_named_without_their_folders() -> None:
    text = card(a_manifest(settings=settings(filter={"benchmarks": ["/home/someone/items.jsonl"]})))
    assert '| `filter.benchmarks` | `["items.jsonl"]` |' in text
    assert "/home" not in text


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_and_each_of_its_columns_is_put_into_words(format_name: str) -> None:
    text = card_of(format_name)
    assert FORMATS[format_name].in_words in text
    for field in FORMATS[format_name].schema(ExportSettings()):
        meaning = column_meaning(FORMATS[format_name].columns, field.name)
        assert meaning
        assert f"| `{field.name}` | `{type_words(field.type)}` | {meaning} |" in text


def test_types_are_words_and_whole() -> None:
    assert type_words(SCHEMA.field("messages").type) == "list of {role: string, content: string}"
    verdicts = FORMATS["raw"].schema(ExportSettings()).field("verdicts").type
    assert type_words(verdicts).endswith(
        "span: {start: int32, end: int32}, seconds: double, created_at: string}"
    )


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ({}, "`margin` is 0.0 in every row"),
        ({"pairing": "max-margin"}, "`margin` is the log probability per token of the chosen response"),
        ({"pairing": "hard", "margin_metric": "mtld"}, "`margin` is the metric `mtld` of the chosen"),
    ],
)
def test_a_margin_is_explained(pairs: dict[str, object], said: str) -> None:
    assert said in card_of("reward", pairs=pairs)
    assert "`margin`" not in card_of("dpo", pairs=pairs)


def test_markers_are_explained_and_how_to_prompt_with_them() -> None:
    assert MARKERS_IN_WORDS.keys() == MARKERS.keys()
    transform = {
        "markers": ["level", "quality_bucket"],
        "marker_metric": "mtld",
        "marker_dropout_all": 0.2,
        "marker_dropout_each": 0.1,
    }
    text = card_of("sft", transform=transform)
    for part in (
        "| `level` | level of the problem |",
        "4 the highest (`mtld`) |",
        "lose some by lot: 20.0% of them have none, and each marker is missing in 10.0% of the others",
        "    PROBLEM\n    <level>VALUE</level><quality_bucket>VALUE</quality_bucket>\n",
    ):
        assert part in text, part
    assert "markers" not in card_of("sft")
    undropped = card_of("sft", transform={"markers": ["level"]})
    assert "prompts have them all, too" in undropped
    assert "no prompt here is without them" in undropped


def test_styles_are_explained_and_how_to_prompt_in_them() -> None:
    text = card_of("sft", transform={"styles": "2:10:8:20", "shots": 5})
    assert "| the question alone | answer alone | 50.0% |" in text
    assert "    Q: PROBLEM\n    Let's think step by step\n\n    Q: PROBLEM\n    A:\n" in text
    assert "have 5 worked examples" in text
    assert "| the question alone | answer alone | every response |" in card_of(
        "sft", transform={"styles": "all"}
    )


def test_checksums_come_last() -> None:
    assert card(a_manifest()).endswith("| `data/train.jsonl` | 10 | `0c` |\n")


def test_a_long_table_is_cut_short_and_says_so() -> None:
    counts = {f"level {n:03}": 1000 - n for n in range(MOST_ROWS + 7)}
    text = card(a_manifest(counts={"split": {"train": 6}, "level": counts}))
    assert "and 7 more (see `manifest.json`)" in text
    assert f"level {MOST_ROWS - 1:03}" in text
    assert f"level {MOST_ROWS:03}" not in text
