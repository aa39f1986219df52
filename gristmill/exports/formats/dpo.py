"""`dpo`: a chosen and a rejected response to one prompt, for TRL's DPOTrainer and those that read like it.

https://huggingface.co/docs/trl/dataset_formats, type `preference` with an explicit prompt: `prompt`, `chosen`
and `rejected`, as messages or as plain text. `exports/pairs.py` chooses which two make a pair; a
problem without a rejected response gives no row.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.pairs import PAIR_METADATA, PAIR_METADATA_MEANING, pair_record, pairs
from gristmill.exports.rows import Context, Format, Row
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import form_of
from gristmill.sampling.records import Outcome


def _schema(settings: ExportSettings) -> pa.Schema:
    text = form_of(settings).type
    return pa.schema([("prompt", text), ("chosen", text), ("rejected", text), ("metadata", PAIR_METADATA)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    form = form_of(context.settings)
    for pair in pairs(problem, context.settings):
        yield Row(pair_record(problem.problem, pair, form), (pair.chosen, pair.rejected))


DPO = Format(
    _schema,
    _rows,
    in_words="pairs of an accepted and a rejected response to one problem",
    columns={"metadata": PAIR_METADATA_MEANING},
    kind="pairs of responses",
    is_preference=True,
    outcomes=(Outcome.ACCEPTED, Outcome.REJECTED),
    has_forms=True,
    wants_pairs=True,
)
