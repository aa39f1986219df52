"""Log of exports: which runs each was made from, and what has been withdrawn of it since.

An export that holds rows of a withdrawn run or model is marked, by the first withdrawal that touches it. What
an export holds is told by the counts of its manifest; where these name no attempts (records of problems
alone), by the runs and models that it was made from. Exports of older versions have no manifest: they are
marked by their runs, and for a model by every run in which it responded, whether its rows went in or not.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from gristmill.db.clock import now
from gristmill.db.exports.withdrawals import Kind, Withdrawal, lock_withdrawals, withdrawals
from gristmill.db.sessions import stream
from gristmill.db.tables.core import AttemptRow, ExportRow, table
from gristmill.db.text import escaped


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """An export; `checksum` is of its manifest, or of its one file where it has none (older versions)."""

    id: int
    path: str
    format: str
    run_ids: tuple[str, ...]
    row_count: int
    checksum: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class _Holdings:
    """Runs and models by name, escaped as text is in the store. `models` None: nothing says which."""

    runs: frozenset[str]
    models: frozenset[str] | None


def record_export(
    session: Session,
    *,
    path: str,
    format: str,
    manifest_json: str | None,
    run_ids: Sequence[str],
    row_count: int,
    checksum: str,
    filter_json: str,
) -> ExportRecord:
    """Both texts of JSON are in ASCII. It is marked at once where something in it was withdrawn meanwhile."""
    lock_withdrawals(session)
    row = {
        "path": path,
        "format": format,
        "filter": filter_json,
        "run_ids": json.dumps(list(run_ids)),
        "row_count": row_count,
        "checksum": checksum,
        "created_at": now(),
        "manifest": manifest_json,
    }
    added = session.execute(insert(table(ExportRow)).values(row).returning(ExportRow.id)).scalar_one()
    session.execute(
        update(table(ExportRow))
        .where(ExportRow.path == path, ExportRow.id != added, ExportRow.replaced_by.is_(None))
        .values(replaced_by=added)
    )
    for withdrawal in withdrawals(session):
        mark_exports(session, withdrawal, export_id=added)
    return next(record for record in list_exports(session) if record.id == added)


def list_exports(session: Session) -> list[ExportRecord]:
    """Newest first."""
    exports = table(ExportRow)
    columns = [column for column in exports.columns if column.name not in ("manifest", "filter")]
    rows = session.execute(select(*columns).order_by(ExportRow.id.desc()))
    return [_record(row) for row in rows]


def mark_exports(
    session: Session, withdrawal: Withdrawal, *, export_id: int | None = None
) -> list[ExportRecord]:
    """The exports that hold rows of it, newest first, as they are afterwards: marked by this withdrawal, or
    by an earlier one that is left as it was. `export_id` looks at that one alone.
    """
    held = _exports_with(session, withdrawal, export_id)
    session.execute(
        update(table(ExportRow))
        .where(ExportRow.id.in_(held), ExportRow.withdrawn_at.is_(None))
        .values(withdrawn_at=now(), withdrawn_because=_because(withdrawal))
    )
    return [record for record in list_exports(session) if record.id in held]


def _because(withdrawal: Withdrawal) -> str:
    return f"{withdrawal.kind.value} {withdrawal.name}: {withdrawal.reason}"


def _exports_with(session: Session, withdrawal: Withdrawal, export_id: int | None) -> set[int]:
    query = select(ExportRow.id, ExportRow.run_ids, ExportRow.manifest)
    if export_id is not None:
        query = query.where(ExportRow.id == export_id)
    name, held, undecided = escaped(withdrawal.name), set[int](), dict[int, frozenset[str]]()
    for row in stream(session, query):
        holdings = _holdings(row.run_ids, row.manifest)
        if withdrawal.kind is Kind.RUN:
            held.update([row.id] if name in holdings.runs else [])
        elif holdings.models is None:
            undecided[row.id] = holdings.runs
        else:
            held.update([row.id] if name in holdings.models else [])
    if undecided:
        responded_in = _runs_of_model(session, withdrawal.name)
        held.update(id_ for id_, runs in undecided.items() if not responded_in.isdisjoint(runs))
    return held


def _runs_of_model(session: Session, model: str) -> frozenset[str]:
    query = select(AttemptRow.run_id).where(AttemptRow.model == model).distinct()
    return frozenset(map(escaped, session.scalars(query)))


def _holdings(run_ids: str, manifest_json: str | None) -> _Holdings:
    manifest = json.loads(manifest_json or "{}")
    counts, runs = manifest.get("counts", {}), manifest.get("runs", {})
    if any(counts.get("run", {}).values()):
        return _Holdings(_counted(counts["run"]), _counted(counts.get("model", {})))
    if manifest.get("rows") == 0:
        return _Holdings(frozenset(), frozenset())
    if runs:
        return _Holdings(_names(runs), _models_looked_at(manifest))
    return _Holdings(_names(json.loads(run_ids)), None)


def _models_looked_at(manifest: Mapping[str, Any]) -> frozenset[str]:
    """Models of the runs that were chosen and not withdrawn by then."""
    models = _names(model for run in manifest["runs"].values() for model in run.get("models", ()))
    chosen = _names(manifest.get("settings", {}).get("filter", {}).get("models", ()))
    return (models & chosen if chosen else models) - _names(manifest.get("without_models", ()))


def _counted(counts: Mapping[str, int]) -> frozenset[str]:
    return _names(name for name, count in counts.items() if count)


def _names(names: Iterable[str]) -> frozenset[str]:
    """As the store has them, whether the manifest has them escaped or plain."""
    return frozenset(name for given in names for name in (given, escaped(given)))


def _record(row: Row[Any]) -> ExportRecord:
    values = dict(row._mapping)
    return ExportRecord(**values | {"run_ids": tuple(json.loads(row.run_ids))})
