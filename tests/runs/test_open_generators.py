"""A run that launches its own server: one start for all its phases, and none where nothing is missing."""

import sys
from pathlib import Path

import pytest

from gristmill.cli.main import main
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.open_generators import Generators
from gristmill.sampling.records import Problem
from gristmill.verifiers.settings import VerifierSettings
from tests.support.accounts import account
from tests.support.children import ROOT
from tests.support.commands import SCRIPTED, Workplace

STUB = """
import sys
from tests.stub.server import main

arguments = sys.argv[1:]
open({starts!r}, "a").write(" ".join(arguments) + "\\n")
main(["--port", arguments[arguments.index("--port") + 1]])
"""

DYING_STUB = """
import asyncio, os, sys
from tests.stub.server import StubServer, serve

arguments = sys.argv[1:]
open({starts!r}, "a").write(" ".join(arguments) + "\\n")

async def main():
    async with serve(StubServer(), int(arguments[arguments.index("--port") + 1])) as stub:
        await stub.gauge.until(lambda gauge: gauge.requests >= 3)
        os._exit(9)

asyncio.run(main())
"""


def interpreter(folder: Path, stub: str) -> str:
    """An interpreter for which `-m vllm...` is that stub server, which notes that it was started."""
    program = folder / "stub.py"
    program.write_text(stub.format(starts=str(folder / "starts")))
    path = folder / "python-with-vllm"
    path.write_text(f'#!/bin/sh\nshift 2\nexport PYTHONPATH={ROOT}\nexec {sys.executable} {program} "$@"\n')
    path.chmod(0o755)
    return str(path)


def starts(folder: Path) -> list[str]:
    return (folder / "starts").read_text().splitlines()


def test_a_run_launches_its_server_once_and_goes_on_without_one_when_nothing_is_missing(
    workplace: Workplace, tmp_path: Path
) -> None:
    launch = ("--launch", "--model 'a model' --seed 3", "--launch-python", interpreter(tmp_path, STUB))
    small = ("--dataset", "demo", "--limit", "4", "--trials", "3", "--run-id", "r", "--direct")
    workplace.does("run", "vanilla", *small, *launch)
    assert len(starts(tmp_path)) == 1
    assert "--model a model --seed 3" in starts(tmp_path)[0]
    assert "--host 127.0.0.1" in starts(tmp_path)[0]
    assert account(f"sqlite:///{workplace.store}", "r").attempts == 12
    workplace.does("run", "--run-id", "r", "--direct")
    assert len(starts(tmp_path)) == 1


def test_a_run_that_was_launched_goes_on_with_a_server_that_is_named(
    workplace: Workplace,
) -> None:
    launch = ("--launch", "--model m")
    printed = workplace.does("run", "vanilla", "--dataset", "demo", *launch, "--print-config")
    assert 'launch = "--model m"' in printed
    printed = workplace.does(
        "run", "vanilla", "--dataset", "demo", "--server", "http://127.0.0.1:9/v1", "--print-config"
    )
    assert "launch = " not in printed


@pytest.mark.full
def test_a_run_whose_server_is_given_up_ends_and_says_so(workplace: Workplace, tmp_path: Path) -> None:
    launch = ("--launch", "--model m", "--launch-python", interpreter(tmp_path, DYING_STUB))
    many = ("--dataset", "demo", "--trials", "1000000", "--run-id", "r", "--direct", "--grace-seconds", "0")
    with pytest.raises(SystemExit):
        main(["run", "vanilla", *many, *launch])
    err = workplace.capsys.readouterr().err
    assert err.splitlines()[-1].startswith("gristmill: launch: the server ended with code 9 and is given up")
    assert len(starts(tmp_path)) == 4
    assert account(f"sqlite:///{workplace.store}", "r").state == "failed"


def test_prices_may_be_given_when_a_run_goes_on(workplace: Workplace) -> None:
    small = ("--limit", "2", "--trials", "2", "--run-id", "r")
    assert "price" not in workplace.does("run", "vanilla", *SCRIPTED, *small)
    price = ("--price-per-million-completion-tokens", "1")
    assert "price per accepted" in workplace.does("run", "--run-id", "r", "--direct", *price)
    assert "price per accepted" in workplace.does("status", "r", *price)


async def test_another_way_of_sampling_or_other_scripted_problems_open_it_anew() -> None:
    settings, problems = GeneratorSettings(backend="scripted"), dict[str, Problem]()
    async with Generators() as generators:
        first = await generators.generator(settings, problems, VerifierSettings())
        assert await generators.generator(settings, problems, VerifierSettings()) is first
        hotter = settings.model_copy(update={"temperature": 1.5})
        second = await generators.generator(hotter, problems, VerifierSettings())
        third = await generators.generator(hotter, {}, VerifierSettings())
        assert len({id(first), id(second), id(third)}) == 3
        another_template = hotter.model_copy(update={"template": "plain"})
        assert await generators.generator(another_template, problems, VerifierSettings()) is not third
