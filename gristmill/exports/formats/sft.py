"""`sft`: accepted responses as chats, in the conversational form that TRL's SFTTrainer takes.

https://huggingface.co/docs/trl/dataset_formats: a list `messages` of `role` and `content`. What explains a
row is under the one further key `metadata`, flat, so that it can be dropped as one column.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import METADATA, Context, Format, Row, metadata
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import MESSAGES, assistant, user


def _schema(_: ExportSettings) -> pa.Schema:
    return pa.schema([("messages", MESSAGES), ("metadata", METADATA)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    """The bare problem as the user's turn, without the examples or instructions it was drawn with."""
    for example in context.examples(problem):
        record = {
            "messages": [user(example.prompt), assistant(example.completion)],
            "metadata": metadata(example.problem, example.attempt),
        }
        yield Row(record, (example.attempt,))


SFT = Format(
    _schema,
    _rows,
    in_words="responses that models gave and verifiers accepted, as chats",
    takes_transforms=True,
)
