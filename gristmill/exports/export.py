"""Exports a training set from the store: a folder with data, provenance, manifest and data card.

`export` does all of it, whoever asks: resolve the settings, take the moment up to which the store counts,
query, write, check what came of it, publish, record. The folder appears whole or not at all. A new format is
one file in `exports/formats` and one line in its table, a container the same in `exports/containers`.
"""

import hashlib
import platform
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic

import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gristmill.db.exports.facts import models_of, problem_count, run_facts
from gristmill.db.exports.log import record_export
from gristmill.db.moments import export_cutoff
from gristmill.db.schema import head
from gristmill.db.sessions import Engine, Session, is_read_only, reading, writing
from gristmill.db.text import escaped
from gristmill.exports.card.card import data_card
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.generation import generation_settings
from gristmill.exports.manifest import MANIFEST, FileEntry, Manifest, RunEntry, manifest_json
from gristmill.exports.publish.folder import StagingFolder, published_folder
from gristmill.exports.query import Benchmarks, ProblemQuery, read_benchmarks
from gristmill.exports.resolve import ResolvedSettings, compute_missing_metrics, metric_names, resolve
from gristmill.exports.settings import ExportSettings
from gristmill.exports.write_rows import WrittenRows, write_rows
from gristmill.runs.settings.snapshot import code_version, snapshot_from
from gristmill.runs.store import stored_run

CARD = "README.md"
_LINE_SECONDS = 10.0

OnProgress = Callable[[int, int, int], None]
"""Called now and then with the problems gone through, the problems there are, and the rows written."""

BeforePublish = Callable[[Manifest], None]
"""Called with the manifest before anything is published; what it raises prevents that."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A folder that was published; not recorded where the store could only be read."""

    path: Path
    manifest: Manifest
    is_recorded: bool = True


def export(
    engine: Engine,
    asked: ExportSettings,
    out: Path,
    *,
    as_of: datetime | None = None,
    replace: bool = False,
    on_progress: OnProgress = lambda done, problems, rows: None,
    before_publish: BeforePublish = lambda manifest: None,
) -> Exported:
    """In constant memory; the same settings and moment give the same bytes, whatever was stored since.

    `as_of` None is now. Raises ConfigError for settings or a folder that cannot be, StoreError when reading
    or writing fails; nothing is published then.
    """
    with reading(engine) as session:
        resolved = resolve(session, asked)
    benchmarks, records = read_benchmarks(resolved.settings.filter.benchmarks), not is_read_only(engine)
    with ExitStack() as committed, published_folder(out, replace=replace) as folder:
        wants_pairs = FORMATS[resolved.settings.output.format].wants_pairs
        moment = as_of or _moment(engine, resolved)
        compute_missing_metrics(
            engine, resolved.run_ids, metric_names(resolved.settings, pairs=wants_pairs), moment
        )
        with reading(engine) as session:
            manifest = _write(folder, session, resolved, moment, benchmarks, on_progress)
        before_publish(manifest)
        # Published between the insert and its commit: an export that cannot be recorded is not published.
        if records:
            _record(committed.enter_context(writing(engine)), out, manifest)
    return Exported(out, manifest, records)


def _moment(engine: Engine, resolved: ResolvedSettings) -> datetime:
    with writing(engine) as session:
        return export_cutoff(session, resolved.run_ids)


def _write(
    folder: StagingFolder,
    session: Session,
    resolved: ResolvedSettings,
    as_of: datetime,
    benchmarks: Benchmarks,
    on_progress: OnProgress,
) -> Manifest:
    output = resolved.settings.output
    container, schema = CONTAINERS[output.container], FORMATS[output.format].schema(resolved.settings)
    problems = problem_count(session, resolved.run_ids)
    query = ProblemQuery(session, resolved, as_of, benchmarks, _verifiers(session, resolved))
    written = write_rows(
        folder, query, container, schema, lambda done, rows: on_progress(done, problems, rows)
    )
    on_progress(problems, problems, written.rows)
    manifest = _manifest(folder, session, query, written, schema)
    for name, text in ((CARD, data_card(manifest, container, schema)), (MANIFEST, manifest_json(manifest))):
        with folder.file(name) as file:
            file.write(text.encode())
    return manifest


def _verifiers(session: Session, resolved: ResolvedSettings) -> dict[str, str]:
    """The verifier that each run is configured with."""
    return {
        run_id: snapshot_from(stored_run(session, run_id).config).config.verifier.verifier
        for run_id in resolved.run_ids
    }


def _manifest(
    folder: StagingFolder, session: Session, query: ProblemQuery, written: WrittenRows, schema: pa.Schema
) -> Manifest:
    return Manifest(
        gristmill=code_version(),
        schema_revision=head(),
        versions=_versions(),
        settings=query.resolved.settings,
        query=query.text,
        as_of=query.as_of,
        runs={run_id: _run_entry(session, run_id, query, written) for run_id in query.resolved.run_ids},
        without_models=[escaped(model) for model in query.resolved.without_models],
        inputs=dict(query.benchmarks.digests),
        rows=written.rows,
        problems=written.problems,
        counts={name: dict(table) for name, table in written.counts.items()},
        left_out=dict(written.left_out),
        escaped_texts=written.escaped_texts,
        rows_sha256=written.rows_sha256,
        features={field.name: str(field.type) for field in schema},
        files=[FileEntry(path=file.path, bytes=file.bytes, sha256=file.sha256) for file in folder.files],
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


def _run_entry(session: Session, run_id: str, query: ProblemQuery, written: WrittenRows) -> RunEntry:
    """A tally tells of all attempts on a problem, and so of all models."""
    run, facts = stored_run(session, run_id), run_facts(session, run_id, query.as_of)
    models: Sequence[str] = written.models.get(run_id, ())
    if query.format.wants_tally:
        models = models_of(session, run_id, query.as_of)
    return RunEntry(
        recipe=escaped(run.recipe),
        models=[escaped(model) for model in models],
        verifiers=[escaped(verifier) for verifier in facts.verifiers],
        generation=generation_settings(snapshot_from(run.config)),
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


@contextmanager
def shown_progress(out: Console) -> Iterator[OnProgress]:
    """Shows an export's progress on a console: a bar in a terminal, elsewhere a plain line now and then."""
    if not out.is_terminal:
        yield _progress_lines(out)
        return
    columns = (
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f}% of problems"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("", total=None)
        yield lambda done, problems, rows: progress.update(
            bar, completed=done, total=problems, description=f"{rows:,} rows"
        )


def _progress_lines(out: Console) -> OnProgress:
    last = monotonic()

    def print_line(done: int, problems: int, rows: int) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_SECONDS:
            last = monotonic()
            out.print(f"{done / max(1, problems):.0%} of problems; {rows:,} rows")

    return print_line
