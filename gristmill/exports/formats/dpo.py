"""`dpo`: a chosen and a rejected response to one prompt, for TRL's DPOTrainer and those that read like it.

https://huggingface.co/docs/trl/dataset_formats, type `preference` with an explicit prompt: `prompt`, `chosen`
and `rejected`, as messages or as plain text. Which two make a pair is settled in `flows/exports/pairing.py`;
a problem without a rejected response gives no row.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.pairs import Pair, pairs
from gristmill.exports.rows import Context, Format, Record, Row
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import Form, form_of
from gristmill.sampling.records import Outcome, Problem

PAIR_METADATA = pa.struct(
    [
        ("problem_id", pa.string()),
        ("level", pa.string()),
        ("source", pa.string()),
        ("chosen_run_id", pa.string()),
        ("chosen_number", pa.int32()),
        ("chosen_model", pa.string()),
        ("rejected_run_id", pa.string()),
        ("rejected_number", pa.int32()),
        ("rejected_model", pa.string()),
    ]
)


def pair_metadata(problem: Problem, pair: Pair) -> Record:
    chosen, rejected = pair.chosen, pair.rejected
    return {
        "problem_id": problem.id,
        "level": problem.level,
        "source": problem.source,
        "chosen_run_id": chosen.run_id,
        "chosen_number": chosen.number,
        "chosen_model": chosen.model,
        "rejected_run_id": rejected.run_id,
        "rejected_number": rejected.number,
        "rejected_model": rejected.model,
    }


def preference(problem: Problem, pair: Pair, form: Form) -> dict[str, object]:
    """Prompt, chosen and rejected: what every format of pairs begins with."""
    return {
        "prompt": form.prompt(problem.prompt),
        "chosen": form.response(pair.chosen.text),
        "rejected": form.response(pair.rejected.text),
    }


def _schema(settings: ExportSettings) -> pa.Schema:
    text = form_of(settings).type
    return pa.schema([("prompt", text), ("chosen", text), ("rejected", text), ("metadata", PAIR_METADATA)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    form = form_of(context.settings)
    for pair in pairs(problem, context.settings):
        record = preference(problem.problem, pair, form)
        record["metadata"] = pair_metadata(problem.problem, pair)
        yield Row(record, (pair.chosen, pair.rejected))


DPO = Format(_schema, _rows, outcomes=(Outcome.ACCEPTED, Outcome.REJECTED), has_forms=True, wants_pairs=True)
