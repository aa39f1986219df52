"""`reference`: ground-truth SFT: each problem with its own reference as the answer, and no response.

For runs that make the problem for an answer that is there already, such as an instruction for a fragment of
a document: the pair is the product, and what models respond is not. A problem without a reference gives no
row.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Context, Format, Row
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import MESSAGES, assistant, user

_ORIGIN = pa.struct(
    [
        ("problem_id", pa.string()),
        ("level", pa.string()),
        ("source", pa.string()),
        ("parents", pa.list_(pa.string())),
    ]
)


def _schema(_: ExportSettings) -> pa.Schema:
    return pa.schema([("messages", MESSAGES), ("metadata", _ORIGIN)])


def _rows(exported: ExportProblem, _: Context) -> Iterator[Row]:
    problem = exported.problem
    if not problem.reference or problem.reference.isspace():
        return
    record = {
        "messages": [user(problem.prompt), assistant(problem.reference)],
        "metadata": {
            "problem_id": problem.id,
            "level": problem.level,
            "source": problem.source,
            "parents": list(problem.parents),
        },
    }
    yield Row(record, ())


REFERENCE = Format(
    _schema,
    _rows,
    in_words="problems with their own reference as the answer; no response of a model is in it",
    columns={
        "messages": "The chat: the user's turn is the problem, the assistant's its reference.",
        "metadata": "The problem's id, level and source, and the ids of the problems it was made from.",
    },
    kind="references",
    outcomes=(),
    shows_answers=True,
)
