"""Artifacts of deployed flows: where a report or an export is, and what is in it."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from prefect.artifacts import acreate_markdown_artifact

from gristmill.exports.manifest import Manifest
from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped, table
from gristmill.flows.artifacts.report_link import as_markdown
from gristmill.reports.report_folder import report_folder

Publication = Coroutine[Any, Any, object]
_LONGEST_PATH = 1000


def report_artifact(runs: tuple[str, ...], path: Path, size: int) -> Publication:
    """With a link, where the folder of the reports is served and the file is in it. A single run's stands
    beside the one that the run made of itself.
    """
    is_served = path.resolve().parent == report_folder().resolve()
    where = as_markdown(path) if is_served else _shown(path)
    return acreate_markdown_artifact(
        f"{where}, {size / 1000:,.0f} kB",
        key=f"report-{artifact_key(runs[0] if len(set(runs)) == 1 else path.stem)}",
        description=f"Report on {', '.join(escaped(run) for run in runs)}",
    )


def export_artifact(path: Path, manifest: Manifest) -> Publication:
    """Where it is, and what is in it: rows by split, files with their sizes and checksums."""
    rows = [(escaped(split), f"{count:,}") for split, count in manifest.splits.items()]
    files = [(escaped(file.path), f"{file.bytes:,}", f"`{file.sha256}`") for file in manifest.files]
    left_out = [(escaped(what), f"{count:,}") for what, count in manifest.left_out.items()]
    parts = [
        f"{manifest.rows:,} rows from {manifest.problems:,} problems in {_shown(path)}",
        table(("Split", "Rows"), rows),
        table(("File", "Bytes", "SHA-256"), files),
        *([table(("Left out", "Rows"), left_out)] if left_out else ()),
    ]
    return acreate_markdown_artifact(
        "\n\n".join(parts),
        key=f"export-{artifact_key(path.name)}",
        description=f"Export {escaped(path.name)}",
    )


def _shown(path: Path) -> str:
    return escaped(str(path.resolve()), _LONGEST_PATH)
