import asyncio
from collections import Counter

import pytest

from gristmill.generators.scripted.generator import FAULT_KINDS, ScriptedGenerator
from gristmill.generators.scripted.script import Script, sum_problems
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError
from gristmill.sampling.records import Draw, Problem, Response
from tests.generators.drawing import PROBLEM, PROMPT, draw_number

PROBLEMS = {PROBLEM.id: PROBLEM}


async def drawn_in_the_end(generator: ScriptedGenerator, draw: Draw) -> tuple[Response, list[str]]:
    """The response, and the kinds of the faults that came before it."""
    kinds: list[str] = []
    while True:
        try:
            return await generator.draw(draw, PROMPT), kinds
        except UnavailableError as exc:
            kinds.append(exc.kind)


async def test_faults_come_at_their_rate_in_every_kind_and_pass() -> None:
    generator = ScriptedGenerator(PROBLEMS, Script(fault_rate=0.3))
    drawn = [await drawn_in_the_end(generator, draw_number(number)) for number in range(1500)]
    kinds = Counter(kind for _, faults in drawn for kind in faults)
    assert set(kinds) == set(FAULT_KINDS)
    assert kinds.total() / (kinds.total() + 1500) == pytest.approx(0.3, abs=0.04)


async def test_a_response_is_the_same_with_faults_before_it_and_without() -> None:
    plain = ScriptedGenerator(PROBLEMS, Script())
    faulty = ScriptedGenerator(PROBLEMS, Script(fault_rate=0.5))
    for number in range(50):
        response, _ = await drawn_in_the_end(faulty, draw_number(number))
        assert response == await plain.draw(draw_number(number), PROMPT)


async def test_a_refused_problem_is_refused_and_the_others_are_not() -> None:
    other = sum_problems(2)[1]
    problems: dict[str, Problem] = {**PROBLEMS, other.id: other}
    generator = ScriptedGenerator(problems, Script(refused=frozenset({PROBLEM.id})))
    with pytest.raises(RefusedError):
        await generator.draw(draw_number(0), PROMPT)
    await generator.draw(draw_number(0, other.id), PROMPT)


async def test_a_problem_that_was_not_announced_is_named() -> None:
    with pytest.raises(ConfigError, match="0123abcd"):
        await ScriptedGenerator(PROBLEMS, Script()).draw(Draw("0123abcd", 0, 1), PROMPT)


async def test_draws_run_side_by_side_and_take_their_latency() -> None:
    generator = ScriptedGenerator(PROBLEMS, Script(latency_seconds=0.05, sigma=0))
    started = asyncio.get_running_loop().time()
    responses = await asyncio.gather(*(generator.draw(draw_number(number), PROMPT) for number in range(100)))
    took = asyncio.get_running_loop().time() - started
    assert 0.05 <= took < 2.5
    assert {response.seconds for response in responses} == {0.05}
