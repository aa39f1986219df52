"""Versions of one data set: `NAME-v1`, `NAME-v2`, ... in a folder, a new one only when its rows would differ.

No export is made where nothing that decides its rows has changed since the last version: the settings, the
withdrawals, the verdicts. Otherwise it is made, and dropped unless its files differ from those of the last
version. Values of metrics and steps that were added to old attempts have no moment:
these alone bring no new version.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from gristmill.db.exports.log import list_exports
from gristmill.db.reports.top_up import judged_since
from gristmill.db.sessions import Engine, Session, reading
from gristmill.exports.export import Exported, OnProgress, export
from gristmill.exports.manifest import MANIFEST, Manifest, read_manifest
from gristmill.exports.query import read_benchmarks
from gristmill.exports.resolve import resolve
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import ConfigError, DataError, GristmillError, StoreError
from gristmill.sampling.pipeline import PipelineReport
from gristmill.text.private_files import make_folder

NOTHING_MISSING = "Nothing is missing: no request was issued"


@dataclass(frozen=True, slots=True)
class Version:
    """`manifest` None: it is not there, or not any more."""

    number: int
    path: Path
    manifest: Manifest | None


@dataclass(frozen=True, slots=True)
class NotExported:
    """The rows are those of the version `last`."""

    last: Path


class _SameRowsError(GristmillError):
    """The new export has the rows of the last version."""


def export_new_version(
    engine: Engine,
    settings: ExportSettings,
    folder: Path,
    name: str,
    on_progress: OnProgress = lambda done, problems, rows: None,
) -> Exported | NotExported:
    """Makes the next version in `folder`, which is made where it is missing, unless it would be the last one
    again. Where another export at the same time was quicker, its version is the last one.

    Raises what `export` raises, which takes no row at all for an error.
    """
    last = _last(engine, folder, name)
    try:
        return _export_after(last, engine, settings, folder, name, on_progress)
    except (ConfigError, StoreError):
        newer = _last(engine, folder, name)
        if newer.number == last.number:
            raise
    return _export_after(newer, engine, settings, folder, name, on_progress)


def _last(engine: Engine, folder: Path, name: str) -> Version:
    with reading(engine) as session:
        return last_version(session, folder, name)


def _export_after(
    last: Version, engine: Engine, settings: ExportSettings, folder: Path, name: str, on_progress: OnProgress
) -> Exported | NotExported:
    """Raises ConfigError or StoreError, too, where a version of the next number has come since."""
    with reading(engine) as session:
        if last.manifest is not None and _surely_the_same(session, settings, last.manifest):
            return NotExported(last.path)
    _make(folder)

    def refuse_same_rows(manifest: Manifest) -> None:
        kept = last.manifest
        if kept is not None and (manifest.files, manifest.settings) == (kept.files, kept.settings):
            raise _SameRowsError(name)

    try:
        return export(
            engine,
            settings,
            folder / f"{name}-v{last.number + 1}",
            on_progress=on_progress,
            before_publish=refuse_same_rows,
        )
    except _SameRowsError:
        return NotExported(last.path)


def last_version(session: Session, folder: Path, name: str) -> Version:
    """The one of the highest number, among those that are there and those that the store has a record of;
    number 0 where there has been none.
    """
    pattern = re.compile(rf"{re.escape(name)}-v([1-9][0-9]{{0,8}})", re.ASCII)
    home = folder.resolve()
    recorded = [Path(record.path) for record in list_exports(session)]
    paths = [path for path in recorded if path.parent == home] + _entries(home)
    numbers = [int(found[1]) for path in paths if (found := pattern.fullmatch(path.name))]
    number = max(numbers, default=0)
    path = folder / f"{name}-v{number}"
    return Version(number, path, _manifest(path))


def _manifest(path: Path) -> Manifest | None:
    """None, too, where it is damaged or another version's: the next version is then made."""
    try:
        return read_manifest(path) if (path / MANIFEST).is_file() else None
    except DataError:
        return None


def check_folder(folder: Path) -> None:
    """Raises ConfigError, before anything is drawn, where it is something else than a folder."""
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"--exports {folder}: that is no folder")


def _surely_the_same(session: Session, settings: ExportSettings, last: Manifest) -> bool:
    resolved = resolve(session, settings)
    return (
        resolved.settings == last.settings
        and list(resolved.without_models) == last.without_models
        and read_benchmarks(resolved.settings.filter.benchmarks).digests == last.inputs
        and not any(judged_since(session, run_id, last.as_of) for run_id in resolved.run_ids)
    )


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _make(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        raise ConfigError(f"--exports {folder}: it cannot be made: {error.strerror}") from error


def export_of(settings: ExportSettings, run_id: str) -> ExportSettings:
    """The settings with the topped-up run added to the runs that they name."""
    runs = (*(name for name in settings.filter.runs if name != run_id), run_id)
    filter_ = settings.filter.model_copy(update={"runs": runs})
    return settings.model_copy(update={"filter": filter_})


def drew_nothing(report: PipelineReport) -> bool:
    return report.attempts + report.failures == 0


def export_line(made: Exported | NotExported) -> str:
    """The new version, or why there is none."""
    if isinstance(made, NotExported):
        return f"No export: the rows are those of {made.last}"
    rows, problems = made.manifest.rows, made.manifest.problems
    return f"{made.path}: {rows:,} rows from {problems:,} problems"
