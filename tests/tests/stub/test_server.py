import asyncio
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from gristmill.generators.scripted.script import Script, sum_problems
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Message
from tests.generators.drawing import draw_number, generator_on
from tests.stub.faults import Fault, FaultKind, at_every, at_first, by_seed, parse_fault
from tests.stub.server import StubServer
from tests.stub.stats import Gauge


async def test_it_answers_sums_as_often_right_as_its_script_says() -> None:
    problems = sum_problems(200)
    rates = {problem.id: float(number < 100) for number, problem in enumerate(problems)}
    async with generator_on(StubServer(Script(pass_rates=rates))) as generator:
        responses = await asyncio.gather(
            *(
                generator.draw(draw_number(0, problem.id), (Message("user", problem.prompt),))
                for problem in problems
            )
        )
    right = [
        f"\\boxed{{{problem.reference}}}" in response.text
        for problem, response in zip(problems, responses, strict=True)
    ]
    assert right == [True] * 100 + [False] * 100


async def test_what_it_does_not_know_it_answers_with_a_number() -> None:
    async with generator_on(StubServer(Script(pass_rate=1))) as generator:
        response = await generator.draw(draw_number(0), (Message("user", "Why is the sky blue?"),))
    assert "\\boxed{1000" in response.text


def test_the_gauge_weighs_flight_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 12.0, 14.0, 18.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    gauge = Gauge()
    first, second = gauge.request(), gauge.request()
    assert first.__enter__() == 0
    assert second.__enter__() == 1
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    stats = gauge.stats()
    assert (stats.requests, stats.in_flight, stats.max_in_flight) == (2, 0, 2)
    assert stats.mean_in_flight == pytest.approx((2 * 1 + 2 * 2 + 4 * 1) / 8)
    assert (stats.first_request_seconds, stats.last_request_seconds, stats.last_reply_seconds) == (10, 12, 18)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("503", Fault(FaultKind.STATUS, 503)),
        ("429@1.5", Fault(FaultKind.STATUS, 429, "1.5")),
        ("no-usage", Fault(FaultKind.SPOILT, name="no-usage")),
    ],
)
def test_faults_are_written_as_names_and_statuses(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["", "200", "status", "spoilt", "rest", "99999"])
def test_an_unknown_fault_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(ConfigError, match=r"known: .*truncated"):
        parse_fault(text)


def test_schedules_say_which_request_meets_which_fault() -> None:
    one, two = parse_fault("500"), parse_fault("503")
    assert [at_first([one, two])(number) for number in range(4)] == [one, two, None, None]
    assert [at_every(2, [one, two])(number) for number in range(6)] == [None, one, None, two, None, one]
    assert at_every(2, [])(1) is None


def test_a_share_of_the_seeds_meets_faults_and_the_same_ones_each_time() -> None:
    faults = [parse_fault(name) for name in ("null", "html", "503")]
    schedule = by_seed(0.25, faults)
    met = [schedule(seed) for seed in range(4000)]
    assert [schedule(seed) for seed in range(4000)] == met
    assert 900 < sum(fault is not None for fault in met) < 1100
    assert set(met) == {None, *faults}
    assert by_seed(1, [])(1) is None


def get(url: str) -> Any:
    with urllib.request.urlopen(url) as reply:
        return json.load(reply)


def post(url: str, body: object) -> int:
    """The status of the reply."""
    request = urllib.request.Request(url, json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code


def test_as_a_program_it_tells_its_url_counts_and_ends_on_sigterm() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.stub.server",
        "--port",
        "0",
        "--model",
        "m",
        "--fault",
        "503",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        chat = {"model": "m", "messages": [{"role": "user", "content": "What is 1 + 2?"}], "seed": 5}
        assert [post(f"{url}/chat/completions", chat) for _ in range(2)] == [503, 200]
        stats = get(url.replace("/v1", "/stats"))
        assert (stats["requests"], stats["distinct"], stats["answered"], stats["max_in_flight"]) == (
            2,
            1,
            1,
            1,
        )
        problem = sum_problems(1)[0].id
        assert get(url.replace("/v1", "/log")) == [[problem, 5, False], [problem, 5, True]]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert errors == ""
