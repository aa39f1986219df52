import json
import traceback

import httpx2
import openai
import pytest

from gristmill.generators.http.chat import response_of
from gristmill.generators.http.replies import BusyError, ServedModel, models_of, status_error
from gristmill.sampling.errors import RefusedError, UnavailableError, UnreadableError
from tests.stub.spoilt import nested


def test_a_bad_body_is_not_quoted_in_the_traceback() -> None:
    key = "sk-0123456789"[::-1]
    with pytest.raises(UnreadableError) as caught:
        response_of(json.dumps(key).encode(), model="m", seconds=1)
    assert key not in "".join(traceback.format_exception(caught.value))


def test_models_are_read_and_a_list_of_something_else_is_not() -> None:
    assert models_of(b'{"object": "list", "data": [{"id": "a", "root": "x"}, {"id": "b"}]}') == [
        ServedModel(id="a"),
        ServedModel(id="b"),
    ]
    odd = b'{"data": [{"id": "a", "owned_by": 7, "max_model_len": "long"}, {"id": "b", "max_model_len": -1}]}'
    assert models_of(odd) == [ServedModel(id="a"), ServedModel(id="b")]
    with pytest.raises(UnreadableError):
        models_of(b'{"data": [{"name": "a"}]}')


DEEP = nested(2000)


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
        (500, {"message": DEEP}, UnavailableError, "http-500"),
        (500, DEEP, UnavailableError, "http-500"),
        (400, {"message": None, "code": ["no"]}, RefusedError, "http-400"),
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
