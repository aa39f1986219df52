import json
import traceback

import httpx2
import openai
import pytest

from gristmill.generators.http.replies import BusyError, ServedModel, models_of, response_of, status_error
from gristmill.sampling.errors import RefusedError, UnavailableError
from gristmill.sampling.records import FinishReason

USAGE = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12, "prompt_tokens_details": None}


def reply(message: object, finish_reason: object = "stop", **changes: object) -> bytes:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish_reason}], "usage": USAGE}
    return json.dumps({**body, **changes}).encode()


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
        (reply({"content": None, "tool_calls": [{}]}, "tool_calls"), "", FinishReason.OTHER),
        (
            reply({"content": None, "refusal": "I can't help with that."}),
            "I can't help with that.",
            FinishReason.STOP,
        ),
    ],
)
def test_a_reply_becomes_a_response(body: bytes, text: str, finish: FinishReason) -> None:
    response = response_of(body, model="m", seconds=1.5)
    assert (response.text, response.finish_reason) == (text, finish)
    assert (response.prompt_tokens, response.completion_tokens) == (7, 5)
    assert (response.model, response.seconds, response.cumulative_logprob) == ("m", 1.5, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"null",
        b"[]",
        reply({"content": "4"})[:-20],
        reply({"content": None}),
        reply({"content": None}, "eos_token"),
        reply({"content": "4"}, None),
        reply({"content": "4"}, ""),
        reply({"content": "4"}, "abort"),
        json.dumps({"choices": [{"message": {"content": "4"}}], "usage": USAGE}).encode(),
        reply({}),
        reply({"content": 4}),
        reply("4"),
        reply({"content": "4"}, choices=[]),
        reply({"content": "4"}, choices=None),
        reply({"content": "4"}, usage=None),
        reply({"content": "4"}, usage={"prompt_tokens": 1}),
        reply({"content": "4"}, usage={"prompt_tokens": -1, "completion_tokens": 1}),
        reply({"content": "4"}, usage={"prompt_tokens": 1, "completion_tokens": 10**30}),
        b'{"choices": ' + b"[" * 5000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_reply_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(UnavailableError) as caught:
        response_of(body, model="m", seconds=1)
    assert caught.value.kind == "bad-body"
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_a_bad_body_is_not_quoted_in_the_traceback() -> None:
    key = "sk-0123456789"[::-1]
    with pytest.raises(UnavailableError) as caught:
        response_of(json.dumps(key).encode(), model="m", seconds=1)
    assert key not in "".join(traceback.format_exception(caught.value))


def test_models_are_read_and_a_list_of_something_else_is_not() -> None:
    assert models_of(b'{"object": "list", "data": [{"id": "a", "root": "x"}, {"id": "b"}]}') == [
        ServedModel(id="a"),
        ServedModel(id="b"),
    ]
    with pytest.raises(UnavailableError):
        models_of(b'{"data": [{"name": "a"}]}')


def sdk_error(status: int, body: object, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
    response = httpx2.Response(status, request=request, headers=headers)
    return openai.APIStatusError("boom", response=response, body=body)


@pytest.mark.parametrize(
    ("status", "body", "error", "kind"),
    [
        (400, {"message": "bad"}, RefusedError, "http-400"),
        (400, {"code": "context_length_exceeded"}, RefusedError, "too-long"),
        (400, {"type": "exceed_context_size_error"}, RefusedError, "too-long"),
        (400, {"param": "input_tokens"}, RefusedError, "too-long"),
        (401, "no", RefusedError, "auth"),
        (403, "no", RefusedError, "auth"),
        (404, "no", RefusedError, "http-404"),
        (413, "no", RefusedError, "too-long"),
        (418, "no", RefusedError, "http-418"),
        (422, "no", RefusedError, "http-422"),
        (302, "", UnavailableError, "redirect"),
        (408, "no", UnavailableError, "http-408"),
        (429, "no", UnavailableError, "http-429"),
        (500, "no", UnavailableError, "http-500"),
        (502, None, UnavailableError, "http-502"),
        (503, ["no"], UnavailableError, "http-503"),
        (599, {"message": ["no"]}, UnavailableError, "http-599"),
    ],
)
def test_a_status_becomes_an_error_of_its_kind(
    status: int, body: object, error: type[UnavailableError | RefusedError], kind: str
) -> None:
    mapped = status_error(sdk_error(status, body))
    assert isinstance(mapped, error)
    assert mapped.kind == kind
    assert str(status) in str(mapped)


@pytest.mark.parametrize(
    ("body", "said"),
    [({"message": "out of memory"}, "out of memory"), ("no", "no"), ("", "/away"), ({"a": 1}, "{'a': 1}")],
)
def test_a_status_error_quotes_the_server(body: object, said: str) -> None:
    assert str(status_error(sdk_error(500, body, {"Location": "/away"}))) == f"status 500: {said}"


def test_a_busy_server_says_when_to_come_back() -> None:
    mapped = status_error(sdk_error(429, "no", {"Retry-After": "7"}))
    assert isinstance(mapped, BusyError)
    assert mapped.retry_after_seconds == 7
