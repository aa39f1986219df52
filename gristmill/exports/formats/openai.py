"""`openai`: accepted responses as the fine-tuning service takes them: `messages`, and no other key.

The schema `FineTuneChatRequestInput` of https://github.com/openai/openai-openapi has `messages`, `tools`,
`parallel_tool_calls` and `functions`; a key that it does not know fails the whole file. Hence there is no
metadata here: what explains a row is in the export's provenance file, at the same place. The service takes
JSON Lines alone, of at least ten lines, each below the model's context; nothing of this is checked here.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Context, Format, Row
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import MESSAGES, assistant, user


def _schema(_: ExportSettings) -> pa.Schema:
    return pa.schema([("messages", MESSAGES)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    for example in context.examples(problem):
        record = {"messages": [user(example.prompt), assistant(example.completion)]}
        yield Row(record, (example.attempt,))


OPENAI = Format(
    _schema,
    _rows,
    in_words="responses that models gave and verifiers accepted, as chats with no other column",
    takes_transforms=True,
)
