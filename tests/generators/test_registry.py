import subprocess
import sys
from typing import get_args

from gristmill.generators import BACKENDS, concurrency_of, open_generator
from gristmill.generators.scripted.script import sum_problems
from gristmill.generators.settings import BackendName, GeneratorSettings
from gristmill.sampling.records import FinishReason
from tests.generators.drawing import PROMPT, draw_number


def test_every_backend_that_settings_know_is_registered() -> None:
    assert set(BACKENDS) == set(get_args(BackendName))


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """Names of backends and makers need no pydantic, problems and launcher no library of theirs."""
    heavy = "{'openai', 'httpx2', 'xllamacpp', 'vllm', 'torch', 'pyarrow', 'gristmill.verifiers.constraints'}"
    program = f"""
import sys, gristmill.generators.makers, gristmill.generators.prompts, gristmill.problems.readers
print({{'pydantic', 'aiohttp'}} & set(sys.modules))
import gristmill.problems.load, gristmill.problems.documents, gristmill.generators.scripted.generator
import gristmill.generators.launch.arguments
print({heavy} & set(sys.modules), 'aiohttp' in sys.modules)
import gristmill.generators.launch.launch
print({{'vllm', 'torch'}} & set(sys.modules))
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert printed.stdout == "set()\nset() False\nset()\n"


def test_concurrency_is_the_backend_s_own_unless_it_is_set() -> None:
    assert concurrency_of(GeneratorSettings.model_validate({})) == 8
    assert concurrency_of(GeneratorSettings.model_validate({"backend": "scripted"})) == 64
    assert concurrency_of(GeneratorSettings.model_validate({"concurrency": 3})) == 3


async def test_open_generator_opens_the_backend_that_the_settings_name() -> None:
    settings = GeneratorSettings.model_validate({"backend": "scripted", "script_pass_rate": 1})
    problems = {problem.id: problem for problem in sum_problems(1)}
    async with open_generator(settings, problems) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    assert response.text.endswith("\\boxed{3}.")
    assert response.finish_reason is FinishReason.STOP
