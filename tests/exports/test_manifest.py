"""Manifests: read back as they were written, and refused in one line where they are of another kind."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from gristmill.exports.manifest import MANIFEST, Manifest, manifest_json, read_manifest
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import DataError
from tests.exports.manifests import a_manifest


def read_text(folder: Path, text: str) -> Manifest:
    (folder / MANIFEST).write_text(text)
    return read_manifest(folder / MANIFEST)


def test_a_manifest_is_read_back_from_the_file_and_from_its_folder(tmp_path: Path) -> None:
    manifest = a_manifest()
    assert read_text(tmp_path, manifest_json(manifest)) == manifest
    assert read_manifest(tmp_path) == manifest
    assert manifest_json(manifest).isascii()


OF_ANOTHER_KIND: dict[str, tuple[dict[str, object], str]] = {
    "a later version": ({"manifest_version": 2}, "manifest_version: Input should be 1"),
    "a version before the first": ({"manifest_version": 0}, "manifest_version: Input should be 1"),
    "a version that is a text": ({"manifest_version": "1"}, "manifest_version: Input should be 1"),
    "a moment without a time zone": ({"as_of": "2026-01-02T03:04:05"}, "as_of: Input should have timezone"),
    "no moment": ({"as_of": "now"}, "as_of: "),
    "an unknown field": ({"seal": ""}, "seal: Extra inputs are not permitted"),
    "settings that cannot be": ({"settings": {"splits": {"test": 1.5}}}, "settings.splits.test: "),
}


@pytest.mark.parametrize(("changes", "says"), OF_ANOTHER_KIND.values(), ids=OF_ANOTHER_KIND)
def test_a_manifest_of_another_kind_is_refused_by_field(
    tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    manifest = json.loads(manifest_json(a_manifest())) | changes
    with pytest.raises(DataError) as refusal:
        read_text(tmp_path, json.dumps(manifest))
    assert f"{MANIFEST}: not a manifest that this version reads: {says}" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"as_of": "\\ud800"}', "\x00"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match="not a manifest that this version reads"):
        read_text(tmp_path, text)


FILTERS = ("runs", "run_recipes", "models", "sources", "levels", "reasons", "without_reasons", "benchmarks")
NOT_UNICODE: list[dict[str, object]] = [
    {"output": {"separator": "\udfff"}},
    {"card": {"title": "\udfff"}},
]
NOT_UNICODE += [{"filter": {field: ["fine", "odd \ud800"]}} for field in FILTERS]


@pytest.mark.parametrize("asked", NOT_UNICODE, ids=ascii)
def test_settings_that_no_manifest_could_hold_are_refused(asked: dict[str, object]) -> None:
    """Bytes of the command line that are not UTF-8 come as lone surrogates."""
    with pytest.raises(ValidationError, match=r"not valid Unicode|valid string"):
        ExportSettings.model_validate(asked)


def test_settings_of_any_other_text_are_read_back(tmp_path: Path) -> None:
    odd = ["", "\x00", "\u202e", "\U00100e5cd800", "\U0001f600", "\u2028"]
    settings = ExportSettings.model_validate(
        {"filter": {"sources": odd, "levels": odd, "models": odd}, "output": {"separator": "".join(odd)}}
    )
    assert read_text(tmp_path, manifest_json(a_manifest(settings=settings))).settings == settings
