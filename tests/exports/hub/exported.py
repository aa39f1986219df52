"""Small exports as they lie on the disk, published."""

import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gristmill.exports.manifest import MANIFEST, FileEntry, Manifest, manifest_json
from gristmill.exports.settings import ExportSettings

TOKEN = "hf_" + "s3cret" * 6
FILES = {
    "README.md": "---\nlicense: mit\n---\n# A set \U0001f33e\n".encode(),
    "data/train.jsonl": b'{"messages":[]}\n' * 50,
    "data/validation.parquet": bytes(range(256)) * 9,
    "provenance.parquet": b"",
}
Push = partial[str]


def an_export(folder: Path, files: dict[str, bytes]) -> Path:
    entries = [
        FileEntry(path=n, bytes=len(b), sha256=hashlib.sha256(b).hexdigest()) for n, b in files.items()
    ]
    return written(folder, files, entries)


def written(folder: Path, files: dict[str, bytes], entries: list[FileEntry]) -> Path:
    manifest = Manifest(
        gristmill="0",
        schema_revision="1",
        versions={},
        settings=ExportSettings(),
        query="",
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
        runs={},
        rows=0,
        problems=0,
        counts={},
        rows_sha256="",
        features={},
        files=entries,
    )
    for name, content in {**files, MANIFEST: manifest_json(manifest).encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
