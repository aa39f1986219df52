"""Small exports on disk, for the tests of publishing a folder."""

import json
from pathlib import Path

from gristmill.exports.publish.folder import published_folder

OURS = json.dumps({"manifest_version": 1, "gristmill": "0.1.0"})


def publish(path: Path, text: str = "new", *, replace: bool = False) -> None:
    with published_folder(path, replace=replace) as folder:
        with folder.file("data/train.jsonl") as stream:
            stream.write(text.encode())
        with folder.file("manifest.json") as stream:
            stream.write(OURS.encode())


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def export_of(text: str) -> dict[str, bytes]:
    return {"data/train.jsonl": text.encode(), "manifest.json": OURS.encode()}


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())
