"""Stub inference server: the OpenAI API over real HTTP on loopback, with scripted answers and faults.

`python -m tests.stub.server --port 0` starts it for a dry run and prints its URL as the first line.

It answers sums (`What is 17 + 25?`): the last one in the last message, right as often as its script says; to
whatever else it is asked it answers a number. A completion is answered with its prompt, and log probabilities
by the rule of `generators/scoring/scripted.py`. GET /stats gives counts, GET /log every (problem, seed) of a
chat, so that a test can tell what a client really sent. It binds to 127.0.0.1 alone.
"""

import argparse
import asyncio
import signal
import ssl
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from gristmill.generators.scripted.judge import JudgeScript, as_judge
from gristmill.generators.scripted.script import Script, scripted_response, sum_problem
from gristmill.sampling.records import Draw, problem_id
from tests.stub.faults import Schedule, at_every, at_first, by_seed, parse_fault, play
from tests.stub.listener import Listener, listening
from tests.stub.replies import chat_body, denied_reply, echo_body, error_reply, models_body, silent_body
from tests.stub.stats import Asked, Gauge

_BODIES_KEPT = 1000


class _ChatMessage(BaseModel):
    role: str
    content: str


class _ChatRequest(BaseModel):
    """What the stub heeds of a request; the sampling parameters are taken and ignored."""

    model: str
    messages: list[_ChatMessage] = Field(min_length=1)
    seed: int = 0
    logprobs: bool = False


class _CompletionRequest(BaseModel):
    """An echo is all that the stub gives."""

    model: str
    prompt: str
    echo: bool = False
    logprobs: int | None = None


class StubServer:
    """The application and its counts. `serve` sets `url` and `listener`; with `tls` it speaks TLS.

    `bodies` are those of the last requests; so many looks at its models find it `loading`. Clear `may_answer`
    to hold all answers to chats back until it is set. Without `echoes`
    it leaves a completion's prompt out, as servers do that know no echo. What judges are asked it answers by
    `judge`. `seed_faults` are met by the seed of a request, where `schedule` has none for its number.
    """

    def __init__(
        self,
        script: Script | None = None,
        *,
        models: Sequence[str] = ("stub",),
        schedule: Schedule | None = None,
        seed_faults: Schedule | None = None,
        api_key: str | None = None,
        owned_by: str | None = None,
        max_model_len: int | None = None,
        tls: ssl.SSLContext | None = None,
        echoes: bool = True,
    ) -> None:
        self.script = script or Script()
        self.models = list(models)
        self.schedule = schedule or at_first(())
        self.seed_faults = seed_faults or at_first(())
        self.api_key = api_key
        self.owned_by = owned_by
        self.max_model_len = max_model_len
        self.echoes = echoes
        self.loading = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.judge = JudgeScript()
        self.tls = tls
        self.gauge = Gauge()
        self.bodies: deque[bytes] = deque(maxlen=_BODIES_KEPT)
        self.url = ""
        self.listener: Listener

    def application(self) -> web.Application:
        application = web.Application(client_max_size=64 << 20)
        application.router.add_get("/v1/models", self._models)
        application.router.add_post("/v1/chat/completions", self._chat)
        application.router.add_post("/v1/completions", self._completion)
        application.router.add_get("/health", self._health)
        application.router.add_get("/stats", self._stats)
        application.router.add_get("/log", self._log)
        return application

    async def _models(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return denied_reply(request)
        if self.loading > 0:
            self.loading -= 1
            return error_reply(503, "loading model")
        body = models_body(self.models, self.owned_by, self.max_model_len)
        return web.Response(body=body, content_type="application/json")

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        with self.gauge.request() as number:
            if not self._may(request):
                return denied_reply(request)
            try:
                content = await request.read()
                chat = _ChatRequest.model_validate_json(content)
            except ValidationError as exc:
                return error_reply(400, str(exc))
            self.bodies.append(content)
            if chat.model not in self.models:
                return error_reply(404, f"the model {chat.model} does not exist")
            return await self._answer(request, number, chat)

    async def _completion(self, request: web.Request) -> web.StreamResponse:
        with self.gauge.request() as number:
            if not self._may(request):
                return denied_reply(request)
            try:
                content = await request.read()
                asked = _CompletionRequest.model_validate_json(content)
            except ValidationError as exc:
                return error_reply(400, str(exc))
            self.bodies.append(content)
            body = silent_body(asked.model)
            if asked.echo and self.echoes:
                body = echo_body(asked.prompt, asked.model, logprobs=asked.logprobs is not None)
            fault = self.schedule(number)
            if fault is not None:
                return await play(fault, request, body)
            return web.Response(body=body, content_type="application/json")

    async def _answer(self, request: web.Request, number: int, chat: _ChatRequest) -> web.StreamResponse:
        question = chat.messages[-1].content
        problem = sum_problem(question)
        identity = problem.id if problem else problem_id(question, "")
        asked = Asked(identity, chat.seed)
        self.gauge.asked.append(asked)
        text = "\n".join(message.content for message in chat.messages)
        reference = problem.reference if problem else None
        response = scripted_response(self.script, identity, reference, Draw(identity, 0, chat.seed), text)
        response = as_judge(self.judge, chat.seed, question, response)
        body = chat_body(response, chat.model, logprobs=chat.logprobs)
        fault = self.schedule(number) or self.seed_faults(chat.seed)
        if fault is not None:
            asked.fault = str(fault)
            self.gauge.played[asked.fault] += 1
            return await play(fault, request, body)
        if response.seconds:
            await asyncio.sleep(response.seconds)
        await self.may_answer.wait()
        asked.answered = True
        return web.Response(body=body, content_type="application/json")

    def _may(self, request: web.Request) -> bool:
        return self.api_key is None or request.headers.get("Authorization") == f"Bearer {self.api_key}"

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response()

    async def _stats(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self.gauge.stats()))

    async def _log(self, request: web.Request) -> web.Response:
        return web.json_response([[asked.problem, asked.seed, asked.answered] for asked in self.gauge.asked])


@asynccontextmanager
async def serve(stub: StubServer, port: int = 0) -> AsyncIterator[StubServer]:
    """Listens on 127.0.0.1 while the block runs; requests that hang are cut off at its end."""
    async with listening(stub.application(), port, stub.tls) as stub.listener:
        stub.url = f"{stub.listener.address}/v1"
        yield stub


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stub.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument(
        "--model", action="append", help="a model to serve; repeat for several (default: stub)"
    )
    parser.add_argument("--pass-rate", type=float, default=0.5)
    parser.add_argument("--pass-rates", type=Path, help="JSON file: problem id to pass rate")
    parser.add_argument("--latency-seconds", type=float, default=0.0, help="median of the lognormal latency")
    parser.add_argument("--sigma", type=float, default=0.6)
    parser.add_argument("--length-rate", type=float, default=0.0)
    parser.add_argument("--tokens", type=int, default=120)
    parser.add_argument("--fault", action="append", default=[], help="a fault to play; repeat for several")
    parser.add_argument(
        "--fault-every", type=int, default=0, help="0: the first requests meet the faults, once"
    )
    parser.add_argument(
        "--fault-share", type=float, default=0.0, help="this share of the seeds meets the faults instead"
    )
    return parser.parse_args(argv)


async def _run(arguments: argparse.Namespace) -> None:
    rates = {}
    if arguments.pass_rates:
        rates = TypeAdapter(dict[str, float]).validate_json(arguments.pass_rates.read_bytes())
    script = Script(
        pass_rate=arguments.pass_rate,
        pass_rates=rates,
        latency_seconds=arguments.latency_seconds,
        sigma=arguments.sigma,
        length_rate=arguments.length_rate,
        tokens=arguments.tokens,
    )
    faults, share = [parse_fault(text) for text in arguments.fault], arguments.fault_share
    schedule = at_every(arguments.fault_every, faults) if arguments.fault_every else at_first(faults)
    stub = StubServer(
        script,
        models=arguments.model or ["stub"],
        schedule=None if share else schedule,
        seed_faults=by_seed(share, faults),
    )
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with serve(stub, arguments.port):
        sys.stdout.write(f"{stub.url}\n")
        sys.stdout.flush()
        await ended.wait()


def main(argv: Sequence[str] | None = None) -> None:
    asyncio.run(_run(_arguments(argv)))


if __name__ == "__main__":
    main()
