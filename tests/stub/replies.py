"""Successful replies of the stub server, in the form of the OpenAI API."""

import json
from collections.abc import Sequence

from aiohttp import web

from gristmill.generators.scoring.scripted import scripted_tokens
from gristmill.sampling.records import FinishReason, Response

LOGPROB = -0.25
"""Of every token, where log probabilities are asked for."""


def models_body(models: Sequence[str], owned_by: str | None, max_model_len: int | None) -> bytes:
    """The list of models; what is None is left out, as by servers that do not know it."""
    extra = {"owned_by": owned_by, "max_model_len": max_model_len}
    known = {name: value for name, value in extra.items() if value is not None}
    data = [{"id": model, "object": "model", **known} for model in models]
    return json.dumps({"object": "list", "data": data}).encode()


def chat_body(response: Response, model: str, *, logprobs: bool = False) -> bytes:
    """A reply with fields that a client does not need, as servers send them."""
    finish = "length" if response.finish_reason is FinishReason.LENGTH else "stop"
    tokens = [{"token": "x", "logprob": LOGPROB, "top_logprobs": []}] * response.completion_tokens
    reply = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": response.text},
                "logprobs": {"content": tokens} if logprobs else None,
                "finish_reason": finish,
            }
        ],
        "usage": {
            "prompt_tokens": response.prompt_tokens,
            "completion_tokens": response.completion_tokens,
            "total_tokens": response.prompt_tokens + response.completion_tokens,
        },
    }
    return json.dumps(reply).encode()


def echo_body(prompt: str, model: str, *, logprobs: bool) -> bytes:
    """The prompt with the scripted log probabilities of its tokens; the first has none.

    As from servers that decode each token by itself, what is not ASCII is no longer told in the tokens.
    """
    tokens = scripted_tokens(prompt)
    told = {
        "tokens": ["".join(c if c.isascii() else "\ufffd" for c in token) for token, _ in tokens],
        "token_logprobs": [None, *(logprob for _, logprob in tokens[1:])][: len(tokens)],
    }
    return _completion_body(prompt, model, told if logprobs else None)


def silent_body(model: str) -> bytes:
    """As from servers that heed no `echo`."""
    return _completion_body("", model, {"tokens": [], "token_logprobs": []})


def _completion_body(text: str, model: str, logprobs: object) -> bytes:
    choice = {"index": 0, "text": text, "logprobs": logprobs, "finish_reason": "length"}
    reply = {"id": "cmpl-stub", "object": "text_completion", "created": 0, "model": model}
    return json.dumps({**reply, "choices": [choice]}).encode()


def error_reply(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message, "type": "stub", "code": None}}, status=status)


def denied_reply(request: web.Request) -> web.Response:
    """Echoes the key it was given, as real servers do: a client must not pass that on."""
    return error_reply(401, f"Incorrect API key provided: {request.headers.get('Authorization', '')}")
