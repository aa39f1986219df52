"""vLLM inside this process: a real engine, started once for what can share it, once more to be killed."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gristmill.generators import open_generator
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Draw, FinishReason, Message, Structure, StructureKind
from tests.support.accounts import account
from tests.support.children import command, ended
from tests.vllm.served import ENGINE, VARIABLES, children
from tests.vllm.test_flow import RUN, arguments, assert_whole

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore"),  # what vLLM, torch and transformers warn of is theirs
]

QUESTION = (Message("user", "What is the capital of France?"),)
FORM = Structure(StructureKind.REGEX, "[A-Z][a-z]{3,8}\\.")
ENGINE_ARGS = " ".join(ENGINE)


def settings(folder: Path, **given: object) -> GeneratorSettings:
    values = {"backend": "vllm", "model": str(folder), "engine_args": ENGINE_ARGS, "max_tokens": 24, **given}
    return GeneratorSettings.model_validate(values)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(model_folder: Path) -> AsyncIterator[Generator]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in VARIABLES.items():
            patch.setenv(name, value)
        async with open_generator(settings(model_folder, temperature=0.8, logprobs=True), {}) as generator:
            yield generator


async def test_the_engine_answers_many_draws_at_once_each_by_its_seed(
    engine: Generator, model_folder: Path
) -> None:
    draws = [Draw("capital", number, number) for number in range(16)]
    responses = await asyncio.gather(*(engine.draw(draw, QUESTION) for draw in draws))
    assert engine.model == str(model_folder)
    assert len({response.text for response in responses}) > 1
    for response in responses:
        assert response.text
        assert response.finish_reason in (FinishReason.STOP, FinishReason.LENGTH)
        assert response.prompt_tokens == 37
        assert 1 <= response.completion_tokens <= 24
        assert (response.finish_reason is FinishReason.LENGTH) == (response.completion_tokens == 24)
        assert response.cumulative_logprob is not None
        assert response.cumulative_logprob < 0
        assert response.seconds > 0


async def test_the_engine_repeats_a_draw_of_the_same_seed(engine: Generator) -> None:
    first = await engine.draw(Draw("capital", 0, 11), QUESTION)
    assert (await engine.draw(Draw("capital", 0, 11), QUESTION)).text == first.text


async def test_the_engine_continues_what_the_assistant_began(engine: Generator) -> None:
    begun = Message("assistant", "The capital of France is Par")
    texts = [(await engine.draw(Draw("p", n, n), (*QUESTION, begun))).text for n in range(3)]
    assert any(text.startswith("is") for text in texts), texts


async def test_the_engine_refuses_a_prompt_that_is_too_long(engine: Generator) -> None:
    with pytest.raises(RefusedError, match="the model's context 1024") as refused:
        await engine.draw(Draw("p", 0, 0), (Message("user", "word " * 2000),))
    assert refused.value.kind == "too-long"


async def test_a_draw_that_is_cancelled_leaves_the_engine_free(engine: Generator) -> None:
    task = asyncio.create_task(engine.draw(Draw("p", 0, 0), (Message("user", "Tell me a long story."),)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert (await engine.draw(Draw("p", 1, 1), QUESTION)).text


async def test_an_engine_that_dies_is_unavailable_and_held_to_a_form_before(model_folder: Path) -> None:
    before = set(children(os.getpid()))
    async with open_generator(settings(model_folder, temperature=1.5), {}, FORM) as generator:
        response = await generator.draw(Draw("p", 0, 5), QUESTION)
        assert re.fullmatch(FORM.text, response.text)
        for process in set(children(os.getpid())) - before:
            os.kill(process, signal.SIGKILL)
        for _ in range(2):
            with pytest.raises(UnavailableError, match="engine has died") as died:
                await generator.draw(Draw("p", 1, 6), QUESTION)
            assert died.value.kind == "engine-dead"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"engine_args": "--no-such-flag 3"}, "engine_args: unrecognized arguments: --no-such-flag 3"),
        ({"engine_args": "--max-model-len many"}, "engine_args: argument --max-model-len: invalid"),
        ({"model": "/no/such/folder"}, "vLLM cannot start with model '/no/such/folder'"),
        ({"model": None}, "model: the backend 'vllm' needs"),
    ],
)
async def test_what_the_engine_cannot_start_with_is_named(
    given: dict[str, object], words: str, model_folder: Path
) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        async with open_generator(settings(model_folder, **given), {}):
            pass


async def test_the_whole_flow_runs_on_the_engine_under_prefect(model_folder: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    place = {"backend": "vllm", "model": model_folder, "engine_args": ENGINE_ARGS}
    given = arguments(tmp_path, quota=1, ceiling=4, max_tokens=48, **place)
    async with command(tmp_path, store, *given, **VARIABLES) as process:
        said = await ended(process)
    found = account(store, RUN)
    assert_whole(found, quota=1, ceiling=4)
    assert {row.model for row in found.rows.values()} == {str(model_folder)}
    assert "Traceback" not in said
