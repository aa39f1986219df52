"""Data cards of what a manifest says, and what the hub's own client reads in one."""

from collections.abc import Mapping
from typing import Any

import pytest

from gristmill.exports.card.card import data_card
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.manifest import Manifest
from gristmill.exports.settings import ExportSettings
from tests.exports.manifests import a_manifest

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
