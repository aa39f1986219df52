"""A job of the command line as parameters of a deployment, and what must be in the store at its end."""

from gristmill.cli.options import by_section
from gristmill.cli.run import run
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import SECTIONS
from gristmill.sampling.records import StopReason
from tests.support.accounts import Account, assert_by_the_rule, fewest_draws
from tests.support.children import RUN, SEED, Job

Parameters = dict[str, object]


def parameters_of(job: Job, run_id: str | None = RUN) -> Parameters:
    """What the command would run, whole. `run_id` None: the flow names its run itself."""
    arguments = job.arguments()[1:]  # without the name of the command
    flags = run.make_context("run", arguments).params
    config = run_config(flags["recipe"], by_section(flags, SECTIONS))
    return {"config": config.model_dump(mode="json"), "run_id": run_id}


def draws_needed(job: Job) -> int:
    """The least that bring every problem to its quota."""
    flags = job.flags
    return fewest_draws(job.problems, job.stub.script, SEED, int(flags["quota"]), int(flags["ceiling"]))


def assert_whole(found: Account, job: Job, stops: int = 1) -> None:
    """Every problem has its quota, by the rule, without a gap in the numbers and with no more draws than may
    have been in flight when it was stopped so many times.
    """
    assert found.state == "finished"
    assert_by_the_rule(found, job.problems, job.stub.script, SEED)
    assert set(found.stops.values()) == {StopReason.QUOTA_MET}
    for problem in job.problems:
        tally = found.tally(problem)
        assert tally.accepted >= int(job.flags["quota"])
        assert found.numbers(problem) == list(range(tally.attempts)), "a number was left out"
    assert found.attempts <= 1.02 * draws_needed(job) + stops * int(job.flags["concurrency"])
