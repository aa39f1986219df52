import json

import pytest

from gristmill.generators.scoring.replies import Echo, EchoToken, echo_of, tokens_of, written_of
from gristmill.sampling.errors import UnavailableError


def echo_body(**logprobs: object) -> bytes:
    return json.dumps({"choices": [{"text": "a b", "logprobs": logprobs or None}]}).encode()


def test_an_echo_has_its_tokens_with_their_log_probabilities() -> None:
    body = echo_body(tokens=["a", " b"], token_logprobs=[None, -0.5], text_offset=[0, 1])
    assert echo_of(body) == Echo("a b", (EchoToken("a", None), EchoToken(" b", -0.5)))


def test_a_reply_without_log_probabilities_has_no_tokens() -> None:
    assert echo_of(echo_body()) == Echo("a b", ())
    assert echo_of(echo_body(content=[{"token": "a", "logprob": -1.0}])) == Echo("a b", ())


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"{}",
        b'{"choices": []}',
        echo_body(tokens=["a"], token_logprobs=[]),
        echo_body(tokens=["a"], token_logprobs=[float("nan")]),
        echo_body(tokens=[1], token_logprobs=[-1.0]),
    ],
)
def test_an_echo_that_does_not_hold_together_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(UnavailableError) as told:
        echo_of(body)
    assert told.value.kind == "bad-body"


def test_llama_cpp_tells_tokens_by_number() -> None:
    assert tokens_of(b'{"tokens": [7, 8]}') == [7, 8]
    with pytest.raises(UnavailableError):
        tokens_of(b'{"tokens": ["a"]}')


def test_what_llama_cpp_wrote_is_read_token_by_token() -> None:
    body = b'{"content": "a", "completion_probabilities": [{"id": 7, "token": "a", "logprob": -2.5}]}'
    assert written_of(body) == [(7, -2.5)]
    assert written_of(b'{"content": ""}') == []
