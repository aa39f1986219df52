"""`reward`: pairs with the margin by which the chosen response is better, for TRL's RewardTrainer.

Read in the source of TRL 1.16, `trl/trainer/reward_trainer.py`: `prompt` is put before `chosen` and
`rejected`, and `margin` is taken from the difference of the two rewards within the loss. It must be a number
in every row, so a pair without one has 0, which is the loss without a margin. A margin below 0 asks for less
than the right order: its metric ranks the rejected response higher.
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
    return pa.schema(
        [
            ("prompt", text),
            ("chosen", text),
            ("rejected", text),
            ("margin", pa.float64()),
            ("metadata", PAIR_METADATA),
        ]
    )


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    form = form_of(context.settings)
    for pair in pairs(problem, context.settings):
        margin = 0.0 if pair.margin is None else pair.margin
        record = pair_record(problem.problem, pair, form, margin=margin)
        yield Row(record, (pair.chosen, pair.rejected))


REWARD = Format(
    _schema,
    _rows,
    in_words="pairs of an accepted and a rejected response to one problem, with a margin",
    columns={
        "margin": "By how much the chosen response is the better one; below it is said by which measure.",
        "metadata": PAIR_METADATA_MEANING,
    },
    kind="pairs of responses",
    is_preference=True,
    outcomes=(Outcome.ACCEPTED, Outcome.REJECTED),
    has_forms=True,
    wants_pairs=True,
)
