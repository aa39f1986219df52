"""`alpaca`: accepted responses as `instruction`, `input` and `output`: LLaMA-Factory, Axolotl.

https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md (`alpaca` is its default formatting), and
Axolotl's type `alpaca`. The problem is the instruction as a whole: `input` is always empty, and both then
leave it out of the prompt.
"""

from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import METADATA, Context, Format, Row, metadata
from gristmill.exports.settings import ExportSettings

_SCHEMA = pa.schema(
    [
        ("instruction", pa.string()),
        ("input", pa.string()),
        ("output", pa.string()),
        ("metadata", METADATA),
    ]
)


def _schema(_: ExportSettings) -> pa.Schema:
    return _SCHEMA


def _rows(problem: ExportProblem, context: Context) -> Iterator[Row]:
    for example in context.examples(problem):
        record = {
            "instruction": example.prompt,
            "input": "",
            "output": example.completion,
            "metadata": metadata(example.problem, example.attempt),
        }
        yield Row(record, (example.attempt,))


ALPACA = Format(
    _schema,
    _rows,
    in_words="responses that models gave and verifiers accepted, as instruction and output",
    columns={
        "instruction": "The prompt.",
        "input": "Always empty: the prompt is whole in `instruction`.",
        "output": "The response that was accepted.",
    },
    takes_transforms=True,
)
