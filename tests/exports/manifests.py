"""Manifests made from as little as a test needs to say, and folders that hold them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from gristmill.exports.manifest import MANIFEST, FileEntry, Manifest, RunEntry, manifest_json
from gristmill.exports.provenance import PROVENANCE, ProvenanceWriter
from gristmill.exports.rows import Row
from gristmill.exports.settings import ExportSettings


def a_run(**changes: object) -> RunEntry:
    given: dict[str, object] = {
        "recipe": "dart-uniform",
        "models": ["SmolLM2"],
        "verifiers": ["math 3/math-verify 0.8"],
        "generation": {"template": "boxed", "question": "{problem}\n\nThink.", "temperature": "0.8"},
        "problems": 3,
        "attempts": {"accepted: equal": 6, "rejected: not-equal": 2, "undecided: time-out": 1},
        "quotas_sha256": "0a",
    }
    return RunEntry.model_validate(given | changes)


def a_manifest(**changes: object) -> Manifest:
    given: dict[str, object] = {
        "gristmill": "0.1.0",
        "schema_revision": "0003",
        "versions": {"pyarrow": "26.0.1"},
        "settings": ExportSettings(),
        "query": "SELECT 1",
        "as_of": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "runs": {"run": a_run()},
        "rows": 6,
        "problems": 3,
        "counts": {
            "split": {"test": 1, "train": 5},
            "source": {"demo": 6},
            "level": {"1 sum": 4, "2 product": 2},
            "run": {"run": 6},
            "model": {"SmolLM2": 6},
            "verifier": {"math": 6},
            "reason": {"accepted: equal": 6},
        },
        "rows_sha256": "0b",
        "features": {"messages": "list<item: struct<role: string, content: string>>"},
        "files": [FileEntry(path="data/train.jsonl", bytes=10, sha256="0c")],
    }
    return Manifest.model_validate(given | changes)


def a_folder(path: Path, rows: Iterable[tuple[str, str, Row]], **changes: object) -> Path:
    """Manifest and provenance of these rows (split, problem and row), without data."""
    path.mkdir()
    with (path / PROVENANCE).open("wb") as file, ProvenanceWriter(file) as writer:
        for split, problem_id, row in rows:
            writer.add(split, problem_id, row)
    of_rows = {"rows_sha256": writer.sha256, "rows": sum(writer.rows.values())}
    (path / MANIFEST).write_text(manifest_json(a_manifest(**of_rows | changes)))
    return path
