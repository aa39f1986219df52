"""Replies to chat requests: what becomes of each, and that nothing but an UnreadableError comes of any."""

import json
import math
import random
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.http.chat import LONGEST_TEXT, response_of
from gristmill.sampling.errors import UnreadableError
from gristmill.sampling.records import FinishReason, Response
from tests.stub.replies import LOGPROB, chat_body
from tests.stub.spoilt import LONG_CHARACTERS, READABLE, UNREADABLE

USAGE = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12, "prompt_tokens_details": None}
TEXT = r"It is \boxed{4}."
SENT = Response(TEXT, FinishReason.STOP, 7, 2, 0.0, "m")
UNTOLD = {"nan", "infinite", "positive", "no-logprobs", "odd-logprobs"}
"""Those whose log probabilities are not known."""


def reply(message: object, finish_reason: object = "stop", **changes: object) -> bytes:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish_reason}], "usage": USAGE}
    return json.dumps({**body, **changes}).encode()


def read(body: bytes, *, cut: bool = False) -> Response:
    return response_of(body, model="m", seconds=1.5, cut=cut)


def good(logprobs: bool = True) -> bytes:
    return chat_body(SENT, "m", logprobs=logprobs)


@pytest.mark.parametrize(
    ("body", "text", "finish"),
    [
        (reply({"content": "4"}), "4", FinishReason.STOP),
        (reply({"content": ""}), "", FinishReason.STOP),
        (reply({"content": "é\u2028\x00"}, "length"), "é\u2028\x00", FinishReason.LENGTH),
        (reply({"content": "4"}, "content_filter"), "4", FinishReason.OTHER),
        (reply({"content": "4"}, "eos_token"), "4", FinishReason.STOP),  # TGI
        (reply({"content": "4"}, "stop_sequence"), "4", FinishReason.STOP),
        (reply({"content": "4"}, "eos"), "4", FinishReason.STOP),
        (reply({"content": "4"}, "end_turn"), "4", FinishReason.STOP),  # Anthropic
        (reply({"content": "4"}, "STOP"), "4", FinishReason.STOP),  # Gemini
        (reply({"content": "4"}, "max_tokens"), "4", FinishReason.LENGTH),
        (reply({"content": "4"}, "model_length"), "4", FinishReason.LENGTH),  # Mistral
        # vLLM with a reasoning parser, cut off while it still reasons
        (reply({"content": None, "reasoning_content": "So"}, "length"), "", FinishReason.LENGTH),
        (reply({"content": "", "refusal": "I can't."}), "I can't.", FinishReason.STOP),
        (reply({"content": "4", "refusal": "I can't."}), "4", FinishReason.STOP),
        (reply({"content": ["4", {"text": "2"}]}), "42", FinishReason.STOP),
        (reply({"content": [{"type": "reasoning", "text": "3"}, {"text": "4"}]}), "4", FinishReason.STOP),
        (reply({"content": [{"type": "thinking", "thinking": [{"text": "3"}]}]}), "", FinishReason.STOP),
        (reply({"content": {"text": ["4"]}}), "", FinishReason.STOP),
        (reply({"content": "\ud83d\ude00 \ude00\ud83d"}), "\U0001f600 \ufffd\ufffd", FinishReason.STOP),
        (reply({}), "", FinishReason.STOP),
    ],
)
def test_a_reply_becomes_a_response(body: bytes, text: str, finish: FinishReason) -> None:
    response = read(body)
    assert (response.text, response.finish_reason) == (text, finish)
    assert (response.prompt_tokens, response.completion_tokens) == (7, 5)
    assert (response.model, response.seconds, response.cumulative_logprob) == ("m", 1.5, None)


NAMED: dict[str, tuple[str, FinishReason]] = {
    "null": ("", FinishReason.STOP),
    "blank": (" \n", FinishReason.STOP),
    "no-parts": ("", FinishReason.STOP),
    "images": ("", FinishReason.STOP),
    "reasoning": ("", FinishReason.STOP),
    "tool-calls": ("", FinishReason.OTHER),
    "refusal": ("I'm sorry, but I can't help with that.", FinishReason.STOP),
    "surrogates": (f"\ufffd {TEXT} \ufffd\ufffd", FinishReason.STOP),
    "nul": (f"\0 {TEXT}", FinishReason.STOP),
    "not-utf-8": (f"\ufffd\ufffd\ufffd( {TEXT}", FinishReason.STOP),
    "escaped": ("中" * LONG_CHARACTERS, FinishReason.STOP),
    "long": (("All is well. " * 650_000)[:LONGEST_TEXT], FinishReason.LENGTH),
    **dict.fromkeys(("no-finish", "null-finish", "new-finish", "odd-finish"), (TEXT, FinishReason.OTHER)),
}
"""Those of which more than the text comes out otherwise than it was sent, or the text itself."""


@pytest.mark.parametrize("name", [name for name in READABLE if name not in ("gzip", "huge-text")])
def test_an_odd_reply_is_a_response_all_the_same(name: str) -> None:
    response = read(READABLE[name](good()))
    assert (response.text, response.finish_reason) == NAMED.get(name, (TEXT, FinishReason.STOP))
    response.text.encode()
    assert (response.cumulative_logprob is None) == (name in UNTOLD)


@pytest.mark.parametrize(
    ("usage", "prompt", "completion"),
    [
        (None, 0, 2),
        ({"prompt_tokens": 1}, 1, 2),
        ({"prompt_tokens": -1, "completion_tokens": 1}, 0, 1),
        ({"prompt_tokens": 12.0, "completion_tokens": "3"}, 12, 3),
        ({"prompt_tokens": 1.5, "completion_tokens": 10**30}, 0, 2),
        ({"prompt_tokens": {}, "completion_tokens": float("nan")}, 0, 2),
        (7, 0, 2),
    ],
)
def test_token_counts_are_nought_where_they_are_not_known(
    usage: object, prompt: int, completion: int
) -> None:
    """Two log probabilities tell of two tokens."""
    response = read(json.dumps({**json.loads(good()), "usage": usage}).encode())
    assert (response.prompt_tokens, response.completion_tokens) == (prompt, completion)
    bare = read(json.dumps({**json.loads(good(logprobs=False)), "usage": usage}).encode())
    assert bare.completion_tokens == (completion if completion != 2 else 0)


@pytest.mark.parametrize(
    ("values", "tokens", "total"),
    [
        ([LOGPROB] * 4, 4, 4 * LOGPROB),
        ([LOGPROB] * 4, 5, 4 * LOGPROB),  # without that of the end
        ([LOGPROB] * 5, 4, 5 * LOGPROB),
        ([0, -9999.0], 2, -9999.0),
        (["-0.5"], 1, -0.5),
        ([], 4, None),
        ([], 0, None),
        ([LOGPROB] * 6, 4, None),
        ([LOGPROB] * 4, 40, None),
        ([LOGPROB, float("nan")], 2, None),
        ([LOGPROB, float("inf")], 2, None),
        ([LOGPROB, float("-inf")], 2, None),
        ([-1e308] * 4, 4, None),
        ([LOGPROB, 1e-9], 2, None),
        ([LOGPROB, None], 2, None),
        ([LOGPROB, "nan"], 2, None),
        ([LOGPROB, [LOGPROB]], 2, None),
    ],
)
def test_log_probabilities_are_added_up_or_left_out(
    values: list[object], tokens: int, total: float | None
) -> None:
    choice = {"message": {"content": "4"}, "finish_reason": "stop"}
    choice["logprobs"] = {"content": [{"logprob": value} for value in values]}
    usage = {"prompt_tokens": 1, "completion_tokens": tokens}
    response = read(json.dumps({"choices": [choice], "usage": usage}).encode())
    assert response.text == "4"
    assert response.cumulative_logprob == (None if total is None else pytest.approx(total))


@pytest.mark.parametrize("name", [name for name in UNREADABLE if "gzip" not in name and name != "bomb"])
def test_what_holds_no_response_is_unreadable(name: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(UNREADABLE[name](good()))
    assert caught.value.kind == "bad-body"
    assert len(str(caught.value)) < 2000
    assert "\n" not in str(caught.value)


def test_an_error_in_place_of_a_reply_is_told() -> None:
    with pytest.raises(UnreadableError, match="the model is overloaded"):
        read(UNREADABLE["error"](good()))


@pytest.mark.parametrize("place", range(0, len(good()), 7))
def test_a_body_that_was_cut_gives_the_text_up_to_there(place: int) -> None:
    body = good()[:place]
    if not body.partition(b'"content": "')[2]:
        with pytest.raises(UnreadableError):
            read(body, cut=True)
        return
    response = read(body, cut=True)
    assert TEXT.startswith(response.text)
    assert response.finish_reason is FinishReason.LENGTH


VALUES: list[object] = [
    *(None, True, False, 0, -1, 7, 1.5, -0.0, 10**40, 1e308, float("nan"), float("inf")),
    *("", "x", "\ud800", "\udc00\ud800", "\0", "9" * 5000, "nan", "\u202e", "length", "abort", "STOP "),
    *([], [[]], [None], ["x", 1, {}], {}, {"": None}, {"text": "x"}, {"type": [], "text": "\udfff"}),
    *([{"type": "text", "text": {"value": "x"}}], [{"logprob": 3}], {"content": "x"}, {"content": [{}]}),
]
WHOLE = json.loads(chat_body(SENT, "m", logprobs=True))


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@pytest.mark.parametrize("place", places(WHOLE)[1:], ids=str)
def test_with_any_value_in_any_place_or_none_there_is_a_response_or_an_unreadable_error(
    place: tuple[Any, ...],
) -> None:
    *way, last = place
    for value in VALUES:
        whole = json.loads(json.dumps(WHOLE))
        inner = reduce(getitem, way, whole)
        inner[last] = value
        assert_none_or_sound(json.dumps(whole).encode())
        del inner[last]
        assert_none_or_sound(json.dumps(whole).encode())


@given(seed=st.integers(0, 2**32), cut=st.booleans())
def test_with_any_bytes_changed_there_is_a_response_or_an_unreadable_error(seed: int, cut: bool) -> None:
    chance, body = random.Random(seed), bytearray(good())
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(body))
        new = chance.choice([b"", b"\\", b'"', b"\xff", b"9" * 40, b"[{", b"NaN", b"\\ud800", b"\x00", b"-"])
        body[at : at + chance.randint(0, 3)] = new
    assert_none_or_sound(bytes(body), cut=cut)


@given(st.binary(max_size=200))
def test_of_no_bytes_at_all_comes_anything_but_a_response_or_an_unreadable_error(body: bytes) -> None:
    assert_none_or_sound(body)
    assert_none_or_sound(body, cut=True)


def assert_none_or_sound(body: bytes, *, cut: bool = False) -> None:
    """Whatever comes of it is fit for any store and any file."""
    try:
        response = read(body, cut=cut)
    except UnreadableError:
        return
    response.text.encode()
    assert len(response.text) <= LONGEST_TEXT
    assert 0 <= response.prompt_tokens < 1 << 31
    assert 0 <= response.completion_tokens < 1 << 31
    logprob = response.cumulative_logprob
    assert logprob is None or (math.isfinite(logprob) and logprob <= 0)
