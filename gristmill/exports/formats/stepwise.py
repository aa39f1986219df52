"""`stepwise`: responses by steps, each labelled right or wrong, to train a process reward model on.

https://huggingface.co/docs/trl/dataset_formats, type `stepwise supervision`: `prompt`, the list `completions`
and as many boolean `labels`; plain text always. The steps are the spans whose values the store has, and a
label says that the value is above `step_threshold`. What stands between two spans is in no step. A response
whose steps have no stored values gives no row. (TRL 1.16 documents the type and has no trainer for it.)
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import METADATA, Context, Format, Row, metadata
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.records import Outcome

_SCHEMA = pa.schema(
    [
        ("prompt", pa.string()),
        ("completions", pa.list_(pa.string())),
        ("labels", pa.list_(pa.bool_())),
        ("metadata", METADATA),
    ]
)


def _schema(_: ExportSettings) -> pa.Schema:
    return _SCHEMA


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    threshold = context.settings.transform.step_threshold
    for attempt in problem.attempts:
        steps = problem.steps.get(attempt.key)
        if not steps:
            continue
        record = {
            "prompt": problem.problem.prompt,
            "completions": [attempt.text[step.start : step.end] for step in steps],
            "labels": [step.value > threshold for step in steps],
            "metadata": metadata(problem.problem, attempt),
        }
        yield Row(record, (attempt,))


STEPWISE = Format(
    _schema,
    _rows,
    in_words="responses by steps, each step labelled right or wrong",
    columns={
        "prompt": "The prompt, as plain text.",
        "completions": "The steps of one response, in order.",
        "labels": "For each step whether its value is above the threshold.",
    },
    kind="labelled steps",
    outcomes=(Outcome.ACCEPTED, Outcome.REJECTED),
    wants_steps=True,
)
