"""`sharegpt`: accepted responses as `conversations` between `human` and `gpt`, each turn `from` and `value`.

https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md (formatting `sharegpt`, whose tags these
names are by default), and Axolotl's `chat_template` with `field_messages: conversations`. Not for TRL: it
takes `human` and `gpt` for the names of roles, which few chat templates know.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import METADATA, Context, Format, Row, metadata
from gristmill.exports.settings import ExportSettings

_TURNS = pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))


def _schema(_: ExportSettings) -> pa.Schema:
    return pa.schema([("conversations", _TURNS), ("metadata", METADATA)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    for example in context.examples(problem):
        record = {
            "conversations": [
                {"from": "human", "value": example.prompt},
                {"from": "gpt", "value": example.completion},
            ],
            "metadata": metadata(example.problem, example.attempt),
        }
        yield Row(record, (example.attempt,))


SHAREGPT = Format(
    _schema,
    _rows,
    in_words="responses that models gave and verifiers accepted, as conversations",
    columns={
        "conversations": "Two turns: `human` has the prompt, `gpt` the response.",
    },
    takes_transforms=True,
)
