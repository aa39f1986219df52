"""The data card, `README.md`: what an export holds, where it comes from, and what it does not promise.

All of it is from the manifest, so that the same manifest gives the same card. What a reader needs first comes
first, checksums last. Texts from outside stand in code spans (`card_tables`), the metadata that the hub reads
is in `card_metadata`.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import PurePath

import pyarrow as pa

from gristmill.exports.card.columns import FORMATS_IN_WORDS, column_section
from gristmill.exports.card.markdown import MOST_ROWS, by_count, count_table, name, names, prose, table
from gristmill.exports.card.metadata import SAVED, metadata_block, splits_in_order, title
from gristmill.exports.card.prompts import prompt_section
from gristmill.exports.card.runs import run_section
from gristmill.exports.container import Container
from gristmill.exports.manifest import Manifest
from gristmill.exports.settings import ExportSettings

_UNDECIDED = {
    "rlvr": (
        "Attempts that no verifier could decide are counted as `undecided` and are in no pass rate. The rate "
        "is of the models, template and sampling above, and another model will have another one."
    ),
    "reference": "No response is in the rows, and no verifier looked at the references.",
    "raw": "Attempts that no verifier could decide are in it, with the outcome `undecided`.",
}
_UNDECIDED_ELSEWHERE = "Attempts that no verifier could decide are in no row."
_WITHOUT_RESPONSES = ("rlvr", "reference")


def data_card(manifest: Manifest, container: Container, schema: pa.Schema) -> str:
    """`schema` is that of the records; valid Unicode whatever the names in the manifest are."""
    parts = [f"# {prose(title(manifest))}", _summary(manifest)]
    for heading, sections in _sections(manifest, schema):
        found = [section for section in sections if section]
        if found:
            parts += [f"## {heading}", *found]
    return metadata_block(manifest, container, schema) + "\n" + "\n\n".join(parts) + "\n"


def _sections(manifest: Manifest, schema: pa.Schema) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Loading", [_loading(manifest)]
    yield "Licence", [_licence(manifest)]
    yield "Rows", _rows(manifest)
    yield "Models and rates", run_section(manifest)
    yield "Columns", column_section(schema, manifest.settings)
    yield "Prompts and responses", prompt_section(manifest.settings)
    yield "Left out", _left_out(manifest)
    yield "Known limits", ["\n".join(f"- {limit}" for limit in _limits(manifest))]
    yield "Settings", [_settings(manifest.settings)]
    yield "Making it again", _again(manifest)


def _summary(manifest: Manifest) -> str:
    output = manifest.settings.output
    what = FORMATS_IN_WORDS.get(output.format, "what models made of problems")
    return (
        f"{manifest.rows:,} rows on {manifest.problems:,} problems, in the format {name(output.format)}: "
        f"{what}. Cut from a Gristmill store "
        f"as it was at {manifest.as_of.isoformat()} by Gristmill {name(manifest.gristmill)}."
    )


def _loading(manifest: Manifest) -> str:
    call = "load_from_disk" if manifest.settings.output.container == SAVED else "load_dataset"
    return f'```python\nfrom datasets import {call}\n\ndata = {call}("path/to/this/folder")\n```'


def _licence(manifest: Manifest) -> str:
    given = manifest.settings.card.license
    said = "No licence was given." if given is None else f"As it was given at the export: {name(given)}."
    return f"{said} The terms of use of the models and of the problems' sources go on to apply."


def _rows(manifest: Manifest) -> list[str]:
    tables = {"split": splits_in_order(manifest)}
    tables |= {dimension: manifest.counts.get(dimension, {}) for dimension in ("source", "level")}
    return [count_table(dimension, "rows", counts) for dimension, counts in tables.items() if counts]


def _left_out(manifest: Manifest) -> list[str]:
    """The keys of the manifest say what they count."""
    found = []
    if manifest.left_out:
        counts = by_count(manifest.left_out)
        lines = [f"- {count:,} {prose(what)}" for what, count in counts[:MOST_ROWS]]
        found.append("\n".join(lines))
    if manifest.without_models:
        models = names(manifest.without_models, most=MOST_ROWS)
        found.append(f"Withdrawn before this was made, hence not in it: responses of {models}.")
    return found


def _settings(settings: ExportSettings) -> str:
    """Those that are not the defaults. Files are named without their folders, which are of one machine."""
    given, usual = settings.model_dump(mode="json"), ExportSettings().model_dump(mode="json")
    given["filter"]["benchmarks"] = [PurePath(file).name for file in given["filter"]["benchmarks"]]
    rows = [
        (name(f"{section}.{key}"), name(json.dumps(value, ensure_ascii=False)))
        for section, values in given.items()
        for key, value in values.items()
        if value != usual[section][key] and section != "card"
    ]
    return table(("setting", "value"), rows) if rows else "All settings are the defaults."


def _limits(manifest: Manifest) -> Iterator[str]:
    settings = manifest.settings
    yield (
        "A verdict is what the verifier found, in its version of then: it is evidence and no proof. A right "
        "result may have been reached by wrong reasoning."
    )
    yield _UNDECIDED.get(settings.output.format, _UNDECIDED_ELSEWHERE)
    if settings.output.format not in _WITHOUT_RESPONSES:
        yield (
            "Responses were written by models: they carry their errors and biases, and may repeat what the "
            "models were trained on."
        )
    if settings.filter.benchmarks:
        yield "Problems that share a span with the benchmarks given were left out; paraphrases stay."
    else:
        yield "Problems were not compared with benchmarks at this export."
    if manifest.escaped_texts:
        yield (
            f"{manifest.escaped_texts:,} texts hold what Unicode cannot encode (surrogates on their own), or "
            "the escape character. There U+100E5C and four hexadecimal digits stand for the code point, and "
            "U+100E5C twice for itself."
        )
    yield (
        "Runs and models can be withdrawn later, and this file cannot know: `gristmill exports` lists it "
        "where the store is."
    )


def _again(manifest: Manifest) -> Iterator[str]:
    yield (
        "With the store that it was cut from, the same bytes come again, or Gristmill says what has changed:"
        "\n\n```\ngristmill export --manifest manifest.json --out DIR\n```"
    )
    yield (
        "`provenance.parquet` names the attempts that each row was made from; SHA-256 over its lines: "
        f"{name(manifest.rows_sha256)}."
    )
    rows = [(name(file.path), f"{file.bytes:,}", name(file.sha256)) for file in manifest.files]
    if rows:
        yield table(("file", "bytes", "SHA-256"), rows)
