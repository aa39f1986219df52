"""`rlvr`: problems to be answered and verified in training, with how often they were solved here.

One record that two trainers read, each by its own keys:

- open-instruct: `messages`, `ground_truth`, `dataset`. The last names the verifier (`rlvr_tokenize` in
  https://github.com/allenai/open-instruct, `open_instruct/dataset_transformation.py`; the published sets say
  the same, https://huggingface.co/datasets/allenai/RLVR-GSM). Of our names it knows `math`; others need a
  verifier of that name there.
- verl: `data_source`, `prompt`, `ability`, `reward_model`, `extra_info` (`verl/utils/dataset/rl_dataset.py`
  and `verl/workers/reward_manager/naive.py` in https://github.com/volcengine/verl). Its rewards go by
  `data_source`, which is the problem's source; one that verl does not know needs a reward function in its
  configuration. `extra_info.index` is the problem's id. It reads Parquet.

TRL's GRPOTrainer takes `prompt` and hands the other columns to its reward functions. `pass_rate` is accepted
over decided attempts, null where none was decided; problems without a response that was accepted are here,
and those without any. A problem without a reference has an empty ground truth.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Context, Format, Record, Row
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import MESSAGES, user
from gristmill.sampling.records import Problem, Tally

_SCHEMA = pa.schema(
    [
        ("messages", MESSAGES),
        ("ground_truth", pa.string()),
        ("dataset", pa.string()),
        ("data_source", pa.string()),
        ("prompt", MESSAGES),
        ("ability", pa.string()),
        ("reward_model", pa.struct([("style", pa.string()), ("ground_truth", pa.string())])),
        (
            "extra_info",
            pa.struct([("index", pa.string()), ("verifier", pa.string()), ("level", pa.string())]),
        ),
        ("pass_rate", pa.float64()),
        ("attempts", pa.int32()),
        ("accepted", pa.int32()),
        ("rejected", pa.int32()),
        ("undecided", pa.int32()),
        ("level", pa.string()),
        ("source", pa.string()),
        ("problem_id", pa.string()),
    ]
)


def _schema(_: ExportSettings) -> pa.Schema:
    return _SCHEMA


def _rows(problem: ExportProblem, _: Context) -> Iterator[Row]:
    yield Row(_record(problem.problem, problem.verifier, problem.tally), ())


def _record(problem: Problem, verifier: str, tally: Tally) -> Record:
    turns = [user(problem.prompt)]
    return {
        "messages": turns,
        "ground_truth": problem.reference,
        "dataset": verifier,
        "data_source": problem.source,
        "prompt": turns,
        "ability": verifier,
        "reward_model": {"style": "rule", "ground_truth": problem.reference},
        "extra_info": {"index": problem.id, "verifier": verifier, "level": problem.level},
        "pass_rate": tally.accepted / tally.decided if tally.decided else None,
        "attempts": tally.attempts,
        "accepted": tally.accepted,
        "rejected": tally.rejected,
        "undecided": tally.undecided,
        "level": problem.level,
        "source": problem.source,
        "problem_id": problem.id,
    }


RLVR = Format(
    _schema,
    _rows,
    in_words="problems with their right answers and how often models solved them; no response is in it",
    columns={
        "messages": "The problem as one turn of the user, for open-instruct.",
        "ground_truth": "The right answer; empty where the problem has no reference.",
        "dataset": "The verifier, by the name that open-instruct looks it up by.",
        "data_source": "The problem's source, by which verl chooses its reward.",
        "prompt": "As `messages`, for verl and TRL.",
        "ability": "The verifier.",
        "reward_model": "For verl: `rule`, and the right answer.",
        "extra_info": "For verl: the problem's id, the verifier, the level.",
        "pass_rate": "Accepted over decided responses; null where none was decided.",
        "attempts": "Responses that were drawn.",
        "accepted": "Of these, how many were accepted.",
        "rejected": "Of these, how many were rejected.",
        "undecided": "Of these, how many no verifier could decide.",
    },
    kind="problems with pass rates",
    outcomes=(),
    wants_tally=True,
)
