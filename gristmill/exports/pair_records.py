"""Columns that the formats of preference pairs have in common: prompt, chosen, rejected, metadata."""

import pyarrow as pa

from gristmill.exports.pairs import Pair
from gristmill.exports.rows import Record
from gristmill.exports.transforms.chat import Form
from gristmill.sampling.records import Problem

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
