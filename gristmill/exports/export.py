"""From the store to a training set: a folder with data, provenance, manifest and data card, published whole.

The one function here is the export, whoever asks for it: settle what is asked, take the moment up to which
the store counts, cut, write, look at what came of it, publish, record. A new format or container is one file
in `flows/exports` and one line in its table.
"""

import hashlib
import platform
import zlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from gristmill.db.exports.facts import models_of, problem_count, run_facts
from gristmill.db.exports.log import record_export
from gristmill.db.moments import moment_of_cut
from gristmill.db.schema import head
from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.db.text import escaped
from gristmill.exports.card.card import data_card
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.contamination import Benchmarks, read_benchmarks
from gristmill.exports.formats import FORMATS
from gristmill.exports.generation import generation_of
from gristmill.exports.manifest import MANIFEST, FileEntry, Manifest, RunEntry, manifest_json
from gristmill.exports.metrics import have_metrics
from gristmill.exports.publish.folder import Draft, published_folder
from gristmill.exports.query import Cutting
from gristmill.exports.settings import ExportSettings
from gristmill.exports.settling import Settled, metric_names, settle
from gristmill.exports.write_rows import Filled, fill
from gristmill.runs.settings.snapshot import code_version, snapshot_from
from gristmill.runs.store import stored_run

CARD = "README.md"

Watch = Callable[[int, int, int], None]
"""Told now and then: problems gone through, problems there are, rows written."""

Look = Callable[[Manifest], None]
"""Looks at the manifest before anything is published; what it raises stops that."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A folder that was published."""

    path: Path
    manifest: Manifest


def export(
    engine: Engine,
    asked: ExportSettings,
    out: Path,
    *,
    as_of: datetime | None = None,
    replace: bool = False,
    watch: Watch = lambda done, problems, rows: None,
    look: Look = lambda manifest: None,
) -> Exported:
    """In constant memory; the same settings and moment give the same bytes, whatever was stored since.

    `as_of` None is now. Raises ConfigError for settings or a folder that cannot be, StoreError when reading
    or writing fails; nothing is published then.
    """
    with reading(engine) as session:
        settled = settle(session, asked)
    benchmarks = read_benchmarks(settled.settings.filter.benchmarks)
    with ExitStack() as committed, published_folder(out, replace=replace) as draft:
        wants_pairs = FORMATS[settled.settings.output.format].wants_pairs
        moment = as_of or _moment(engine, settled)
        have_metrics(engine, settled.run_ids, metric_names(settled.settings, pairs=wants_pairs), moment)
        with reading(engine) as session:
            manifest = _write(draft, session, settled, moment, benchmarks, watch)
        look(manifest)
        # Published between the insert and its commit: an export that cannot be recorded is not published.
        _record(committed.enter_context(writing(engine)), out, manifest)
    return Exported(out, manifest)


def _moment(engine: Engine, settled: Settled) -> datetime:
    with writing(engine) as session:
        return moment_of_cut(session, settled.run_ids)


def _write(
    draft: Draft, session: Session, settled: Settled, as_of: datetime, benchmarks: Benchmarks, watch: Watch
) -> Manifest:
    output = settled.settings.output
    container, schema = CONTAINERS[output.container], FORMATS[output.format].schema(settled.settings)
    problems = problem_count(session, settled.run_ids)
    cutting = Cutting(session, settled, as_of, benchmarks, _verifiers(session, settled))
    filled = fill(draft, cutting, container, schema, lambda done, rows: watch(done, problems, rows))
    watch(problems, problems, filled.rows)
    manifest = _manifest(draft, session, cutting, filled, schema)
    for name, text in ((CARD, data_card(manifest, container, schema)), (MANIFEST, manifest_json(manifest))):
        with draft.file(name) as file:
            file.write(text.encode())
    return manifest


def _verifiers(session: Session, settled: Settled) -> dict[str, str]:
    """The verifier that each run is configured with."""
    return {
        run_id: snapshot_from(stored_run(session, run_id).config).config.verifier.verifier
        for run_id in settled.run_ids
    }


def _manifest(
    draft: Draft, session: Session, cutting: Cutting, filled: Filled, schema: pa.Schema
) -> Manifest:
    return Manifest(
        gristmill=code_version(),
        schema_revision=head(),
        versions=_versions(),
        settings=cutting.settled.settings,
        query=cutting.query_text,
        as_of=cutting.as_of,
        runs={run_id: _run_entry(session, run_id, cutting, filled) for run_id in cutting.settled.run_ids},
        without_models=[escaped(model) for model in cutting.settled.without_models],
        inputs=dict(cutting.benchmarks.digests),
        rows=filled.rows,
        problems=filled.problems,
        counts={name: dict(table) for name, table in filled.counts.items()},
        left_out=dict(filled.left_out),
        escaped_texts=filled.escaped_texts,
        rows_sha256=filled.rows_sha256,
        features={field.name: str(field.type) for field in schema},
        files=[FileEntry(path=file.path, bytes=file.bytes, sha256=file.sha256) for file in draft.files],
    )


def _versions() -> dict[str, str]:
    """Of what decides the bytes: of text by words and letters, of numbers as text, of compression."""
    return {
        "orjson": version("orjson"),
        "pyarrow": pa.__version__,
        "py3langid": version("py3langid"),
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def _run_entry(session: Session, run_id: str, cutting: Cutting, filled: Filled) -> RunEntry:
    """A tally tells of all attempts on a problem, and so of all models."""
    run, facts = stored_run(session, run_id), run_facts(session, run_id, cutting.as_of)
    models: Sequence[str] = filled.models.get(run_id, ())
    if cutting.format.wants_tally:
        models = models_of(session, run_id, cutting.as_of)
    return RunEntry(
        recipe=escaped(run.recipe),
        models=[escaped(model) for model in models],
        verifiers=[escaped(verifier) for verifier in facts.verifiers],
        generation=generation_of(snapshot_from(run.config)),
        problems=facts.problems,
        attempts={escaped(verdict): count for verdict, count in facts.attempts.items()},
        quotas_sha256=facts.quotas_sha256,
    )


def _record(session: Session, out: Path, manifest: Manifest) -> None:
    text, settings = manifest_json(manifest), manifest.settings
    record_export(
        session,
        path=str(out.resolve()),
        format=settings.output.format,
        manifest_json=text,
        run_ids=list(manifest.runs),
        row_count=manifest.rows,
        checksum=hashlib.sha256(text.encode()).hexdigest(),
        filter_json=settings.filter.model_dump_json(exclude_defaults=True),
    )
