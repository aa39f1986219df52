"""The data card: the hub reads its metadata, `datasets` loads by it, and no name in it becomes markup."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from db.text import escaped
from flows.exports.card import data_card
from flows.exports.card_columns import COLUMNS, FORMATS_IN_WORDS, type_words
from flows.exports.card_metadata import hub_features
from flows.exports.card_prompts import MARKERS_IN_WORDS
from flows.exports.card_tables import MOST_ROWS, block, name, table
from flows.exports.containers import CONTAINERS
from flows.exports.draft import published_folder
from flows.exports.formats import FORMATS
from flows.exports.manifest import FileEntry, Manifest
from flows.exports.marker_values import MARKERS
from flows.exports.settings import ExportSettings
from tests.flows.exports.manifests import a_manifest, a_run
from tests.flows.exports.samples import HOSTILE, a_context, a_cut, an_attempt

huggingface_hub = pytest.importorskip("huggingface_hub")
SCHEMA = FORMATS["sft"].schema(ExportSettings())
HEADINGS = (
    "Loading",
    "Licence",
    "Rows",
    "Models and rates",
    "Columns",
    "Prompts and responses",
    "Known limits",
    "Settings",
    "Making it again",
)
ATTACKS = (
    "a|b\n| c | d |",
    "``` </code> <script>alert(1)</script>",
    "`<img src=x onerror=alert(1)>`",
    "[x](javascript:alert(1)) ![y](http://z)",
    "# heading\n---\nlicense: evil",
    "\n---\n",
    "a\\",
    "\\|",
    "http://example.org <b>",
    "x" * 1_000_000,
    "' \" : {} [] & * ! % @ \t",
    "\u202eright to left \u2028 \x85 \ufeff",
)


def card(manifest: Manifest) -> str:
    return data_card(manifest, CONTAINERS[manifest.settings.output.container], SCHEMA)


def card_of(format_name: str, counts: object = None, **sections: Mapping[str, object]) -> str:
    """With the columns that the format has."""
    asked = settings(output={"format": format_name}, **sections)
    made = a_manifest(settings=asked) if counts is None else a_manifest(settings=asked, counts=counts)
    return data_card(made, CONTAINERS["jsonl"], FORMATS[format_name].schema(asked))


def metadata(text: str) -> dict[str, Any]:
    """As the hub's own client reads it."""
    return dict(huggingface_hub.DatasetCard(text, ignore_metadata_errors=False).data.to_dict())


def settings(**sections: Mapping[str, object]) -> ExportSettings:
    return ExportSettings.model_validate(sections)


def tokens(text: str) -> list[Token]:
    """What Markdown with tables and raw HTML makes of the text after the metadata, blocks and inlines."""
    body = text.split("\n---\n", 1)[1]
    blocks = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    return [token for block in blocks for token in (block, *(block.children or ()))]


def test_the_hub_reads_the_metadata() -> None:
    given_card = {"title": "Sums: a *test*", "license": "apache-2.0", "languages": ["en", "de"]}
    found = metadata(card(a_manifest(settings=settings(card=given_card))))
    assert found == {
        "license": "apache-2.0",
        "language": ["en", "de"],
        "pretty_name": "Sums: a *test*",
        "size_categories": ["n<1K"],
        "task_categories": ["text-generation"],
        "tags": ["synthetic", "gristmill", "sft"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": "train", "path": "data/train.jsonl"},
                    {"split": "test", "path": "data/test.jsonl"},
                ],
            }
        ],
        "dataset_info": {
            "features": hub_features(SCHEMA),
            "splits": [
                {"name": "train", "num_bytes": 10, "num_examples": 5},
                {"name": "test", "num_bytes": 0, "num_examples": 1},
            ],
        },
    }


@pytest.mark.parametrize(
    ("rows", "size"), [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (10**6, "1M<n<10M"), (10**10, "n>1B")]
)
def test_sizes_are_the_hubs(rows: int, size: str) -> None:
    assert metadata(card(a_manifest(rows=rows)))["size_categories"] == [size]


def test_what_was_not_given_is_not_made_up() -> None:
    text = card(a_manifest())
    assert metadata(text).keys().isdisjoint({"license", "language"})
    assert "No licence was given" in text
    assert "All settings are the defaults." in text


def test_a_saved_dataset_has_no_configs_and_says_how_it_is_loaded() -> None:
    text = card(a_manifest(settings=settings(output={"container": "datasets"})))
    assert "configs" not in metadata(text)
    assert "load_from_disk(" in text
    assert "load_dataset" not in text


def test_a_split_without_rows_is_not_offered() -> None:
    found = metadata(card(a_manifest(rows=0, counts={"split": {"train": 0}})))
    assert "configs" not in found
    assert found["dataset_info"]["splits"] == []


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


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "demo: responses of SmolLM2 (sft)"),
        ({"counts": {"source": {"a": 1, "b": 3, "c": 2, "d": 1}}}, "b, c and 2 more: responses (sft)"),
        (
            {"counts": {"source": {"x": 1}, "model": {"org/Model-7B": 1, "/m/y.gguf": 1}}},
            "x: responses of y.gguf, Model-7B (sft)",
        ),
        ({"counts": {}}, "responses (sft)"),
        (
            {"counts": {"source": {"x": 1}}, "settings": {"output": {"format": "rlvr"}}},
            "x: problems with pass rates of SmolLM2 (rlvr)",
        ),
    ],
)
def test_a_card_without_a_title_names_sources_and_models(changes: dict[str, object], said: str) -> None:
    assert metadata(card(a_manifest(**changes)))["pretty_name"] == said


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
    schema = FORMATS[format_name].schema(ExportSettings())
    assert list(COLUMNS[format_name]) == schema.names
    text = card_of(format_name)
    assert FORMATS_IN_WORDS[format_name] in text
    for field in schema:
        assert f"| `{field.name}` | `{type_words(field.type)}` | {COLUMNS[format_name][field.name]} |" in text
    assert COLUMNS.keys() == FORMATS_IN_WORDS.keys() == FORMATS.keys()


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


@given(st.text() | st.sampled_from(ATTACKS))
def test_a_block_is_code_whatever_it_holds(text: str) -> None:
    found = MarkdownIt("commonmark", {"html": True}).parse(f"Before:\n\n{block(text)}\n\nAfter.\n")
    kinds = [token.type for token in found if token.type not in ("paragraph_open", "paragraph_close")]
    assert kinds in (["inline", "code_block", "inline"], ["inline", "inline"])


def test_a_long_table_is_cut_short_and_says_so() -> None:
    counts = {f"level {n:03}": 1000 - n for n in range(MOST_ROWS + 7)}
    text = card(a_manifest(counts={"split": {"train": 6}, "level": counts}))
    assert "and 7 more (see `manifest.json`)" in text
    assert f"level {MOST_ROWS - 1:03}" in text
    assert f"level {MOST_ROWS:03}" not in text


@trials(max_examples=40)
@given(names=st.lists(HOSTILE | st.sampled_from(ATTACKS), min_size=7, max_size=7))
def test_no_name_becomes_markup_or_metadata(names: list[str]) -> None:
    title, level, source, model, run, reason, marker = map(escaped, names)
    drawn = {"template": source, "question": level, "system": reason, run: model}
    manifest = a_manifest(
        settings=settings(card={"title": title[:200]}, filter={"runs": [run], "levels": [marker]}),
        counts={
            "split": {"train": 6},
            "source": {source: 6},
            "level": {level: 6},
            "run": {run: 6},
            "model": {model: 6},
            "reason": {reason: 6},
        },
        runs={run: a_run(models=[model], recipe=source, attempts={reason: 3}, generation=drawn)},
        files=[FileEntry(path=level, bytes=10, sha256=model)],
        left_out={reason: 1},
    )
    text = card(manifest)
    assert text == card(manifest)
    text.encode()
    assert len(text) < 20_000
    plain = card(a_manifest(settings=settings(filter={"runs": ["r"], "levels": ["l"]}), left_out={"x": 1}))
    assert metadata(text).keys() == metadata(plain).keys()
    assert metadata(text)["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/train.jsonl"}]}
    ]
    kinds = {token.type for token in tokens(text)}
    assert kinds <= {token.type for token in tokens(plain)} | {"text_special", "html_entity"}
    headings = [token.content for token in tokens(text) if token.type == "inline" and token.level == 1]
    assert [heading for heading in headings if heading in HEADINGS] == list(HEADINGS)


@given(st.lists(st.tuples(HOSTILE | st.sampled_from(ATTACKS), st.integers(0, 9)), max_size=5))
def test_every_row_of_a_table_stays_one_row_with_its_cells(rows: list[tuple[str, int]]) -> None:
    text = table(("level", "rows"), [(name(key), str(count)) for key, count in rows])
    found = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(token.type == "tr_open" for token in found) == len(rows) + 1
    cells = [token.content for token in found if token.type == "inline"]
    assert cells[3::2] == [str(count) for _, count in rows]


KINDS = st.recursive(
    st.sampled_from([pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.float32(), pa.bool_()]),
    lambda inner: st.one_of(
        inner.map(pa.list_),
        inner.map(pa.large_list),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda kinds: pa.struct([(f"f{n}", kind) for n, kind in enumerate(kinds)])
        ),
    ),
    max_leaves=6,
)


@given(st.lists(KINDS, min_size=1, max_size=4))
def test_columns_are_spelt_as_the_datasets_library_does(kinds: list[pa.DataType]) -> None:
    datasets = pytest.importorskip("datasets")
    schema = pa.schema([(f"c{n}", kind) for n, kind in enumerate(kinds)])
    assert hub_features(schema) == datasets.Features.from_arrow_schema(schema)._to_yaml_list()
    assert datasets.Features._from_yaml_list(hub_features(schema)).arrow_schema == schema


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_columns_of_every_format_are_known_to_the_datasets_library(format_name: str) -> None:
    datasets = pytest.importorskip("datasets")
    schema = FORMATS[format_name].schema(ExportSettings())
    assert datasets.Features._from_yaml_list(hub_features(schema)).arrow_schema.names == schema.names


LOAD = """
import json, sys
import datasets

datasets.disable_progress_bars()
loaded = datasets.load_dataset(sys.argv[1])
print(json.dumps({split: [len(rows), rows[0]["messages"][1]["content"]] for split, rows in loaded.items()}))
"""


def load(folder: Path, home: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", LOAD, str(folder)],
        check=False,
        capture_output=True,
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "PATH": "/usr/bin"},
        timeout=120,
    )


@pytest.mark.parametrize("container", ["jsonl", "parquet"])
def test_the_datasets_library_loads_a_folder_by_its_card_and_checks_its_rows(
    tmp_path: Path, container: str
) -> None:
    pytest.importorskip("datasets")
    manifest = a_manifest(settings=settings(output={"container": container}))
    with published_folder(tmp_path / "out") as draft:
        for split, rows in (*manifest.splits.items(), ("validation", 0)):
            made = [a_cut(None, an_attempt(number, f"{split} {number}")) for number in range(rows)]
            records = [row.record for cut in made for row in FORMATS["sft"].rows(cut, a_context())]
            with CONTAINERS[container].open(draft, split, SCHEMA) as writer:
                writer.write(records)
        with draft.file("README.md") as file:
            file.write(card(manifest).encode())
    done = load(tmp_path / "out", tmp_path / "home")
    assert b"Ignoring" not in done.stderr
    assert json.loads(done.stdout) == {"train": [5, "train 0"], "test": [1, "test 0"]}
    if container == "jsonl":
        wrong = a_manifest(counts={"split": {"train": 4, "test": 1}})
        (tmp_path / "out" / "README.md").write_text(card(wrong))
        assert b"NonMatchingSplitsSizes" in load(tmp_path / "out", tmp_path / "other").stderr
