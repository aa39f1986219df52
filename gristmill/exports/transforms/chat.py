"""Chat turns as TRL, vLLM and OpenAI write them: a list of `role` and `content`; or plain text."""

from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa

from gristmill.exports.rows import Record
from gristmill.exports.settings import ExportSettings

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))


def user(text: str) -> Record:
    return {"role": "user", "content": text}


def assistant(text: str) -> Record:
    return {"role": "assistant", "content": text}


class Form(NamedTuple):
    """How a prompt and a response are written, and the Arrow type of both.

    In the plain form a trainer puts the two together as they are, with no template between them: the prompt
    ends with the separator.
    """

    type: pa.DataType
    prompt: Callable[[str], object]
    response: Callable[[str], object]


_CONVERSATIONAL = Form(MESSAGES, lambda text: [user(text)], lambda text: [assistant(text)])


def form_of(settings: ExportSettings) -> Form:
    """The one that is asked for."""
    if settings.output.form == "conversational":
        return _CONVERSATIONAL
    separator = settings.output.separator
    return Form(pa.string(), lambda text: f"{text}{separator}", str)
