"""YAML metadata at the head of a data card, as the Hugging Face hub and `datasets` read it.

https://huggingface.co/docs/hub/datasets-cards: `configs` says which files make a split, `dataset_info` which
columns they have, so that the loader guesses neither. The datasets folder (`save_to_disk`) describes itself
and has no `configs`.
"""

from collections.abc import Iterable

import pyarrow as pa
import yaml

from gristmill.exports.card.markdown import by_count, one_line
from gristmill.exports.container import Container
from gristmill.exports.formats import FORMATS
from gristmill.exports.manifest import Manifest

SAVED = "datasets"
"""The container that `load_from_disk` reads, and `load_dataset` does not."""

_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "n>1B")
"""Of the hub: below 10**3 rows, below 10**4, and so on."""

_LONGEST_NAME = 40
_NAMES = {"double": "float64", "float": "float32", "halffloat": "float16"}
_ORDER = ("train", "validation", "test")

_Yaml = dict[str, object]


def metadata_block(manifest: Manifest, container: Container, schema: pa.Schema) -> str:
    """With its fences, in ASCII but for what prints; the same manifest gives the same text."""
    text = yaml.safe_dump(
        _metadata(manifest, container, schema), sort_keys=False, allow_unicode=True, width=10_000
    )
    return f"---\n{text}---\n"


def title(manifest: Manifest) -> str:
    """As the settings have it, or what of which sources, by which models; short."""
    given = manifest.settings.card.title
    return one_line(given) if given and given.strip() else _own_title(manifest)


def _own_title(manifest: Manifest) -> str:
    format_name = manifest.settings.output.format
    kind = FORMATS[format_name].kind
    sources = _some(name for name, _ in by_count(manifest.counts.get("source", {})))
    models = [name for name, _ in by_count(manifest.counts.get("model", {}))]
    if FORMATS[format_name].wants_tally:
        models = sorted({model for run in manifest.runs.values() for model in run.models})
    of_models = f" of {_some(models)}" if models else ""
    return one_line(f"{sources}: {kind}{of_models} ({format_name})" if sources else f"{kind} ({format_name})")


def _some(names: Iterable[str]) -> str:
    """Two of them, each without the folder or organisation before it; how many more."""
    every = list(dict.fromkeys(name.rstrip("/").rpartition("/")[2][:_LONGEST_NAME] for name in names))
    more = f" and {len(every) - 2} more" if len(every) > 2 else ""
    return ", ".join(every[:2]) + more


def splits_in_order(manifest: Manifest) -> dict[str, int]:
    """Rows by split, as they are named everywhere: train first. A split without a row is not in it."""
    splits = manifest.splits
    known = [split for split in _ORDER if splits.get(split)]
    return {split: splits[split] for split in [*known, *(s for s in splits if s not in _ORDER)]}


def hub_features(schema: pa.Schema) -> list[_Yaml]:
    """The columns as the `dataset_info` of a card spells them."""
    return [{"name": field.name, **_feature(field.type)} for field in schema]


def _metadata(manifest: Manifest, container: Container, schema: pa.Schema) -> _Yaml:
    card, output = manifest.settings.card, manifest.settings.output
    splits = splits_in_order(manifest)
    given = {"license": card.license, "language": list(card.languages)}
    made: _Yaml = {key: value for key, value in given.items() if value}
    made["pretty_name"] = title(manifest)
    made["size_categories"] = [_SIZES[max(0, min(len(str(manifest.rows)) - 3, len(_SIZES) - 1))]]
    made["task_categories"] = ["text-generation"]
    tags = ["synthetic", "gristmill", one_line(output.format)]
    made["tags"] = tags + ["preference"] * FORMATS[output.format].is_preference
    if output.container != SAVED and splits:
        files = [{"split": split, "path": container.pattern(split)} for split in splits]
        made["configs"] = [{"config_name": "default", "data_files": files}]
    sizes = {
        file.path: file.bytes for file in manifest.files
    }  # as they lie there; the loader checks rows alone
    made["dataset_info"] = {
        "features": hub_features(schema),
        "splits": [
            {"name": split, "num_bytes": sizes.get(container.pattern(split), 0), "num_examples": rows}
            for split, rows in splits.items()
        ],
    }
    return made


def _feature(kind: pa.DataType) -> _Yaml:
    if isinstance(kind, pa.StructType):
        return {"struct": [{"name": field.name, **_feature(field.type)} for field in kind]}
    if isinstance(kind, pa.ListType | pa.LargeListType):
        inner = _feature(kind.value_type)
        short = next(iter(inner.values())) if list(inner) in (["dtype"], ["struct"]) else inner
        return {"large_list" if isinstance(kind, pa.LargeListType) else "list": short}
    return {"dtype": _NAMES.get(str(kind), str(kind))}
