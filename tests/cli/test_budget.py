"""What `gristmill budget` says: with runs to set the limits, and without."""

from collections import Counter
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from gristmill.cli.budget import Available, budget
from gristmill.db.attempts import record
from gristmill.db.problems import add_problems
from gristmill.db.runs import create_run
from gristmill.db.sessions import writing
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.snapshot import snapshot_of
from gristmill.runs.store import open_store
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Outcome, Stop, StopReason
from tests.db.samples import a_problem, an_attempt
from tests.support.commands import Workplace


@pytest.mark.parametrize(("pairs", "per_problem"), [(0, 1), (3, 1), (4, 2), (5, 2), (6, 3), (8, 5), (99, 5)])
def test_so_many_pairs_need_so_many_of_a_problem(pairs: int, per_problem: int) -> None:
    assert Available(9, Counter({0: 4, 1: 1, 2: 1, 5: 1})).per_problem(pairs) == per_problem


def test_a_store_without_pairs_needs_one_of_a_problem() -> None:
    assert Available(0, Counter()).per_problem(5) == 1


ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
UNIT = ("--sft-cost", "1", "--pair-cost", "1")
DONE = {
    "one": (2, "AAARRRR"),
    "two": (2, "ARR"),
    "three": (None, "AAAAU"),
    "four": (1, "RRRU"),
    "five": (2, ""),
}
"""Problems with their quota and what came of each draw: accepted, rejected, undecided."""


def fill(run_id: str, drawn: Mapping[str, tuple[int | None, str]], *flags: str) -> None:
    """A run in the store of the working directory, with the flags as of a recipe's selection."""
    dataset, selection = {"dataset": "demo"}, dict(zip(flags[::2], flags[1::2], strict=True))
    config = run_config("dart-uniform", {"dataset": dataset, "selection": selection})
    problems = {name: a_problem(name) for name in drawn}
    outcomes = {"A": ACCEPTED, "R": REJECTED, "U": UNDECIDED}
    attempts = [
        an_attempt(problems[name], number, outcomes[letter], f"{name} {number}")
        for name, (_, letters) in drawn.items()
        for number, letter in enumerate(letters)
    ]
    stops = [Stop(problems[name].id, StopReason.QUOTA_MET, quota, 9) for name, (quota, _) in drawn.items()]
    with open_store() as engine, writing(engine) as session:
        create_run(
            session,
            run_id=run_id,
            recipe="dart-uniform",
            config=snapshot_of(config),
            seed=7,
            code_version="1",
        )
        add_problems(session, run_id, list(problems.values()), {})
        record(session, run_id, attempts, [], stops)


def says(*arguments: str) -> str:
    result = CliRunner().invoke(budget, [*UNIT, *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def cells(printed: str, kind: str) -> list[str]:
    (line,) = (line for line in printed.splitlines() if line.startswith(kind))
    return line.removeprefix(kind).split()


def test_without_runs_the_command_needs_no_store(workplace: Workplace) -> None:
    printed = says("--budget", "5000")
    assert cells(printed, "SFT rows") == ["3,428", "3,428", "68.6%"]
    assert cells(printed, "preference pairs") == ["1,572", "1,572", "31.4%"]
    assert "gristmill export RUN --format sft   # 3,428 rows of it" in printed
    assert "gristmill export RUN --format dpo   # 1,572 pairs of it" in printed
    assert not workplace.store.exists()


def test_runs_set_the_limits(workplace: Workplace) -> None:
    fill("done", DONE)
    printed = says("--budget", "5000", "--run", "done", "--run", "done")
    assert cells(printed, "SFT rows") == ["7", "7", "70.0%", "7", "3,421"]
    assert cells(printed, "preference pairs") == ["3", "3", "30.0%", "3", "1,569"]
    assert "3,421 SFT rows are missing: no pairs take their place." in printed
    assert "gristmill export done --format dpo --pairs-per-problem 2   # 3 pairs of it" in printed


def test_several_runs_over_the_same_problems_add_up(workplace: Workplace) -> None:
    fill("done", DONE)
    fill("my run", {"two": (1, "AA"), "four": (1, "ARA"), "six": (3, "A")})
    printed = says("--budget", "5000", "--run", "done", "--run", "my run")
    assert cells(printed, "SFT rows")[3] == "10"
    assert cells(printed, "preference pairs")[3] == "5"  # two of `one` and of `two`, one of `four`
    assert "gristmill export done 'my run' --format sft" in printed


def test_a_run_that_chooses_one_response_has_one_of_each_problem(workplace: Workplace) -> None:
    fill("best", DONE, "select_by", "mtld")
    printed = says("--budget", "800", "--run", "best")
    assert cells(printed, "SFT rows")[3] == "3"
    assert cells(printed, "preference pairs")[3] == "3"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--budget", "0"), "budget: 0 is not a positive number"),
        (("--budget", "nan"), "budget: nan is not"),
        (("--budget", "5", "--run", "nobody"), "there is no run 'nobody'"),
    ],
)
def test_the_command_names_what_is_wrong(workplace: Workplace, arguments: tuple[str, ...], said: str) -> None:
    fill("done", DONE)
    with pytest.raises(ConfigError, match=said):
        says(*arguments)
