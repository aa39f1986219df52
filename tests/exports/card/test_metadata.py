"""A data card's metadata: the hub reads it, and `datasets` loads by it and checks what it loads."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.exports.card.metadata import hub_features
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.publish.folder import published_folder
from gristmill.exports.settings import ExportSettings
from tests.exports.card.cards import SCHEMA, card, metadata, settings
from tests.exports.manifests import a_manifest
from tests.exports.samples import a_context, an_attempt, problem_with


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


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_formats_of_pairs_and_labels_are_tagged_as_preferences(format_name: str) -> None:
    tags = metadata(card(a_manifest(settings=settings(output={"format": format_name}))))["tags"]
    assert ("preference" in tags) == (format_name in ("dpo", "reward", "kto"))


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


@pytest.mark.full
@pytest.mark.parametrize("container", ["jsonl", "parquet"])
def test_the_datasets_library_loads_a_folder_by_its_card_and_checks_its_rows(
    tmp_path: Path, container: str
) -> None:
    pytest.importorskip("datasets")
    manifest = a_manifest(settings=settings(output={"container": container}))
    with published_folder(tmp_path / "out") as folder:
        for split, rows in (*manifest.splits.items(), ("validation", 0)):
            made = [problem_with(None, an_attempt(number, f"{split} {number}")) for number in range(rows)]
            records = [row.record for exported in made for row in FORMATS["sft"].rows(exported, a_context())]
            with CONTAINERS[container].open(folder, split, SCHEMA) as writer:
                writer.write(records)
        with folder.file("README.md") as file:
            file.write(card(manifest).encode())
    done = load(tmp_path / "out", tmp_path / "home")
    assert b"Ignoring" not in done.stderr
    assert json.loads(done.stdout) == {"train": [5, "train 0"], "test": [1, "test 0"]}
    if container == "jsonl":
        wrong = a_manifest(counts={"split": {"train": 4, "test": 1}})
        (tmp_path / "out" / "README.md").write_text(card(wrong))
        assert b"NonMatchingSplitsSizes" in load(tmp_path / "out", tmp_path / "other").stderr
