"""The `sft` format: accepted responses as chats, in the conversational form that TRL's SFTTrainer takes.

https://huggingface.co/docs/trl/dataset_formats: a list `messages` of `role` and `content`. What explains a
row is kept under the one further key `metadata`, flat, so that it can be dropped as one column and collides
with none.
"""

from db.exports import AcceptedRow
from flows.json_lines import Record


def sft_record(row: AcceptedRow) -> Record:
    """The bare problem as the user's turn, without the examples or instructions it was drawn with."""
    return {
        "messages": [
            {"role": "user", "content": row.problem.prompt},
            {"role": "assistant", "content": row.response.text},
        ],
        "metadata": {
            "problem_id": row.problem.id,
            "run_id": row.run_id,
            "number": row.number,
            "model": row.response.model,
            "level": row.problem.level,
            "source": row.problem.source,
        },
    }
