"""Replays an export from its manifest: publishes the same bytes, or says what has changed in the store."""

from datetime import datetime
from pathlib import Path

from gristmill.db.sessions import Engine
from gristmill.exports.compare import differences
from gristmill.exports.export import Exported, OnProgress, export
from gristmill.exports.manifest import Manifest
from gristmill.sampling.errors import DataError

_MOST_TOLD = 12
_CONSEQUENCES = {"rows", "problems", "counts", "left_out", "escaped_texts", "rows_sha256", "files"}
_UNTIMED = (
    "nothing was added by then: texts, levels, metrics or step values must have been changed in the store "
    "by other means; "
)


def replay(
    engine: Engine, manifest: Manifest, out: Path, *, replace: bool, on_progress: OnProgress
) -> Exported:
    """Publishes only what is the same, byte for byte. Raises DataError with the differences otherwise, and
    ConfigError where a run of it is gone or was withdrawn.
    """

    def check_files(made: Manifest) -> None:
        if made.files != manifest.files:
            raise DataError(_changes(manifest, made))

    as_of: datetime = manifest.as_of
    return export(
        engine,
        manifest.settings,
        out,
        as_of=as_of,
        replace=replace,
        on_progress=on_progress,
        before_publish=check_files,
    )


def _changes(manifest: Manifest, made: Manifest) -> str:
    gone = sorted(set(made.without_models) - set(manifest.without_models))
    found = differences(manifest, made)
    untimed = _UNTIMED if all(one.section in _CONSEQUENCES for one in found) else ""
    told = [f"model {model} was withdrawn" for model in gone] + list(map(str, found))
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    listed = untimed + "; ".join(told[:_MOST_TOLD]) + more
    return f"the store does not give the same bytes any more, and nothing was published: {listed}"
