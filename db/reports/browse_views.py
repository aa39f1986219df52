"""Read-only SQLite connection with temporary views that join attempts, verdicts and problems.

The views are temporary: they live in the connection and not in the file, which is opened `mode=ro`, so that
SQLite itself refuses every write. The file is in WAL mode, so what a run commits meanwhile is seen by the
next query, and neither waits for the other.

Limit: text is shown as it is stored. Where a model emitted NUL or half a surrogate pair, the escape of
`db/text.py` is seen in its place.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine

from gristmill.db.faults import store_errors
from gristmill.db.sqlite_file import open_to_read
from gristmill.sampling.errors import StoreError

# Outer joins, though every verdict has its attempt: they keep SQLite to this order, so that rows come by key
# and counting outcomes asks the indexes of attempts and problems alone.
_ATTEMPTS = """
SELECT v.run_id AS run, v.problem_id AS problem, v.number AS number, v.outcome AS outcome, v.reason AS reason,
       p.level AS level, a.model AS model, p.prompt AS prompt, a.text AS response, v.answer AS answer,
       p.reference AS reference, v.detail AS detail, v.verifier AS verifier, v.version AS version,
       v.ordinal AS ordinal, a.completion_tokens AS tokens, a.finish_reason AS finish_reason,
       p.source AS source, a.created_at AS drawn_at
FROM verdicts v
LEFT JOIN attempts a ON a.run_id = v.run_id AND a.problem_id = v.problem_id AND a.number = v.number
LEFT JOIN problems p ON p.id = v.problem_id
WHERE NOT EXISTS (
    SELECT 1 FROM verdicts l WHERE l.run_id = v.run_id AND l.problem_id = v.problem_id
    AND l.number = v.number AND l.ordinal = v.ordinal + 1
)
"""
_UNSOLVED = """
SELECT r.run_id AS run, r.problem_id AS problem, p.level AS level, count(t.number) AS attempts,
       total(t.outcome = 'rejected') AS rejected, total(t.outcome = 'undecided') AS undecided,
       r.stop_reason AS stop_reason, p.prompt AS prompt, p.reference AS reference, p.source AS source
FROM run_problems r
JOIN problems p ON p.id = r.problem_id
JOIN attempts_with_verdicts t ON t.run = r.run_id AND t.problem = r.problem_id
GROUP BY r.run_id, r.problem_id
HAVING total(t.outcome = 'accepted') = 0
"""
_REASONS = """
SELECT run, outcome, reason, verifier, count(*) AS attempts, min(problem) AS example
FROM attempts_with_verdicts
GROUP BY run, outcome, reason, verifier
"""

ATTEMPTS, UNSOLVED, REASONS = "attempts_with_verdicts", "unsolved_problems", "reasons"
VIEWS = {ATTEMPTS: _ATTEMPTS, UNSOLVED: _UNSOLVED, REASONS: _REASONS}
"""By name, in the order in which they rest on each other."""


def store_file(engine: Engine) -> Path | None:
    """The file of the store, None on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return None
    with store_errors(engine), engine.connect() as connection:
        rows = connection.exec_driver_sql("PRAGMA database_list").all()
    return Path(next(file for _, name, file in rows if name == "main"))


def open_with_views(file: Path) -> sqlite3.Connection:
    """A connection for any one thread at a time. Raises StoreError."""
    connection = None
    try:
        connection = open_to_read(file)
        for name, query in VIEWS.items():
            connection.execute(f"CREATE TEMP VIEW {name} AS {query}")
        connection.execute("PRAGMA query_only=ON")
        connection.execute("SELECT count(*) FROM runs").fetchone()
    except sqlite3.Error as exc:
        if connection is not None:
            connection.close()
        raise StoreError(f"the store {file}: cannot be opened for reading ({exc})") from exc
    return connection
