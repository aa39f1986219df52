"""`kto`: single responses with a label, true where they were accepted and false where they were rejected.

https://huggingface.co/docs/trl/dataset_formats, type `unpaired preference`: `prompt`, `completion` and the
boolean `label`. Undecided is neither and never goes in. The balance of the two labels is the store's: TRL
weighs it out by `desirable_weight` and `undesirable_weight`.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import METADATA, Context, Format, Row, metadata
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import form_of
from gristmill.sampling.records import Outcome


def _schema(settings: ExportSettings) -> pa.Schema:
    text = form_of(settings).type
    return pa.schema([("prompt", text), ("completion", text), ("label", pa.bool_()), ("metadata", METADATA)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    form = form_of(context.settings)
    for attempt in problem.attempts:
        if attempt.outcome is Outcome.UNDECIDED:
            continue
        record = {
            "prompt": form.prompt(problem.problem.prompt),
            "completion": form.response(attempt.text),
            "label": attempt.outcome is Outcome.ACCEPTED,
            "metadata": metadata(problem.problem, attempt),
        }
        yield Row(record, (attempt,))


KTO = Format(
    _schema,
    _rows,
    in_words="single responses, labelled true where a verifier accepted and false where it rejected them",
    columns={
        "completion": "The response.",
        "label": "True where it was accepted, false where it was rejected.",
    },
    kind="labelled responses",
    is_preference=True,
    outcomes=(Outcome.ACCEPTED, Outcome.REJECTED),
    has_forms=True,
)
