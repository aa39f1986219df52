"""`prompt-completion`: accepted responses with the prompt apart, so that the loss is on the response alone.

https://huggingface.co/docs/trl/dataset_formats: `prompt` and `completion`, as messages or as plain text.
Plain texts are tokenised one after the other with nothing in between.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import METADATA, Context, Format, Row, metadata
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.chat import form_of


def _schema(settings: ExportSettings) -> pa.Schema:
    form = form_of(settings)
    return pa.schema([("prompt", form.type), ("completion", form.type), ("metadata", METADATA)])


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    form = form_of(context.settings)
    for example in context.examples(problem):
        record = {
            "prompt": form.prompt(example.prompt),
            "completion": form.response(example.completion),
            "metadata": metadata(example.problem, example.attempt),
        }
        yield Row(record, (example.attempt,))


PROMPT_COMPLETION = Format(
    _schema,
    _rows,
    in_words="responses that models gave and verifiers accepted, apart from their prompts",
    takes_transforms=True,
    has_forms=True,
)
