"""What the parameters of a deployment may name, and what becomes of a flow run that names more."""

import asyncio
from pathlib import Path

import pytest
from prefect.client.schemas.objects import State
from prefect.logging import disable_run_logger
from prefect.states import Completed

from gristmill.flows.deploy.prefect_yaml import shipped_file
from gristmill.flows.deploy.register import checked_deployments
from gristmill.flows.jobs.export import ExportJob
from gristmill.flows.jobs.reverify import ReverifyJob, reverify_flow
from gristmill.flows.jobs.work import WorkJob, _work
from gristmill.flows.lifecycle import synthesize, with_retries
from gristmill.flows.parameter_rules import (
    KEYS_VARIABLE,
    LAUNCH_VARIABLE,
    PATHS_VARIABLE,
    check_parameters,
)
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError
from tests.flows.parameter_cases import (
    KEYS,
    MAY_BE,
    OUTSIDE,
    PATHS,
    PROGRAMS,
    SERVER,
    Given,
    config,
    read,
)
from tests.support.commands import SCRIPTED, Workplace, verify_here


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, itself reached by a link, with links into itself and out of it."""
    for name in ("secret.jsonl", "home"):
        (tmp_path / name).touch()
    real = tmp_path / "real"
    (real / "inner").mkdir(parents=True)
    (real / "with-link").mkdir()
    (real / "mine.jsonl").touch()
    (real / "good-link.jsonl").symlink_to(real / "mine.jsonl")
    (real / "inner" / "good-link.txt").symlink_to(real / "mine.jsonl")
    (real / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (real / "with-link" / "notes.txt").symlink_to(tmp_path / "secret.jsonl")
    (real / "linked").symlink_to(tmp_path)
    (real / "loop").symlink_to(real / "loop")
    (tmp_path / "work").symlink_to(real)
    monkeypatch.chdir(tmp_path / "work")
    for variable in (KEYS_VARIABLE, LAUNCH_VARIABLE, PATHS_VARIABLE):
        monkeypatch.setenv(variable, "")
    return real


@pytest.mark.parametrize(
    ("given", "where"), [*KEYS, *PROGRAMS, *PATHS], ids=[where for _, where in [*KEYS, *PROGRAMS, *PATHS]]
)
def test_what_only_the_owner_may_say_is_refused_by_its_name(given: Given, where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_parameters(read(given), "parameters.")
    assert str(caught.value).startswith(f"parameters.{where}: ")


@pytest.mark.parametrize("given", MAY_BE)
def test_what_stays_here_may_be(given: Given) -> None:
    check_parameters(read(given))


@pytest.mark.parametrize(
    ("cases", "variable", "value"),
    [
        (KEYS[:1], KEYS_VARIABLE, "OTHER, PATH"),
        (PROGRAMS, LAUNCH_VARIABLE, "1"),
        (PATHS, PATHS_VARIABLE, "1"),
    ],
)
def test_each_permission_gives_what_it_is_for_and_nothing_else(
    cases: list[tuple[Given, str]], variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    for given, _ in cases:
        check_parameters(read(given))
    for given, _ in [case for case in [*KEYS, *PROGRAMS, *PATHS] if case not in cases]:
        with pytest.raises(ConfigError):
            check_parameters(read(given))


async def test_a_flow_run_that_names_what_it_may_not_fails_and_does_nothing() -> None:
    async def work() -> State[str]:
        raise AssertionError("it began")

    state = await with_retries(ExportJob(out=Path("/srv/out")), work)
    assert state.is_failed()
    assert state.message is not None
    assert state.message.startswith("out: /srv/out leads out of the folder ")
    assert (await with_retries(ExportJob(), _nothing)).is_completed()


async def test_so_does_one_that_draws() -> None:
    async def work(run_id: str) -> State[str]:
        raise AssertionError("it began")

    given = read(config(dataset={"dataset": OUTSIDE}))
    assert isinstance(given, RunConfig)
    state = await synthesize(given, None, work)
    assert state.is_failed()
    assert str(state.message).startswith(f"dataset.dataset: {OUTSIDE} leads out of the folder ")


async def test_a_deployment_judges_no_commands_run_again_outside_of_the_sandbox(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify_here(monkeypatch)
    flags = ("--limit", "1", "--quota", "1", "--ceiling", "2", "--unsafe-no-isolation", "--run-id", "a")
    await asyncio.to_thread(workplace.does, "run", "dart-uniform", *SCRIPTED, *flags)
    with disable_run_logger():
        state = await reverify_flow.fn(ReverifyJob(run_id="a"))
    assert state.is_failed()
    assert "run a: unsafe_no_isolation: a deployment starts no program" in str(state.message)


async def test_a_worker_takes_no_key_that_a_command_may_have_taken_for_its_run(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its servers are the deployment's: it would send the key to them."""
    verify_here(monkeypatch)
    flags = ("--limit", "1", "--quota", "1", "--ceiling", "2", "--api-key-env", "HF_TOKEN", "--run-id", "a")
    await asyncio.to_thread(workplace.does, "run", "dart-uniform", *SCRIPTED, *flags)
    with pytest.raises(ConfigError, match="run a: api_key_env: a deployment takes keys from OPENAI_API_KEY"):
        await _work(WorkJob(run_id="a", servers=(SERVER,)))


async def _nothing() -> State[str]:
    return Completed(data="")


@pytest.mark.parametrize(
    ("sections", "says"),
    [
        (
            "generator: {server: 'http://h/v1', api_key_env: PATH}",
            "generator.api_key_env: a deployment takes keys",
        ),
        ("generator: {launch: '--model x'}", "generator.launch: .* without `serve --allow-launch`"),
        ("dataset: {dataset: /data/x.jsonl}", "dataset.dataset: /data/x.jsonl leads out of the folder"),
    ],
)
def test_a_file_that_is_served_is_told_where_its_runs_would_fail(
    sections: str, says: str, folder: Path
) -> None:
    """Where others run it, their hosts say what may be."""
    file = folder / "prefect.yaml"
    dataset = "" if sections.startswith("dataset") else "dataset: {dataset: demo}, "
    file.write_text(f"""
deployments:
  - name: math
    entrypoint: gristmill.flows.synthesize_math.synthesize_math
    tags: [gristmill]
    parameters:
      config: {{recipe: dart-uniform, {dataset}{sections}, policy: {{policy: vanilla, trials: 1}}}}
""")
    with pytest.raises(ConfigError, match=f"deployment 'math': parameters.config.{says}"):
        checked_deployments(file, limit=4)
    assert checked_deployments(file)


@pytest.mark.parametrize(
    ("section", "flag"),
    [
        ("generator: {launch: '--model x'}", "--allow-launch"),
        ("dataset: {dataset: /data/x.jsonl}", "--allow-paths"),
    ],
)
def test_serve_takes_such_a_file_with_the_flag_that_the_refusal_names(
    section: str, flag: str, workplace: Workplace
) -> None:
    given = "recipe: dart-uniform, policy: {policy: vanilla, trials: 1}"
    dataset = "" if section.startswith("dataset") else "dataset: {dataset: demo}, "
    workplace.write(
        "prefect.yaml",
        f"""
deployments:
  - {{name: a, entrypoint: gristmill.flows.synthesize_math.synthesize_math, tags: [gristmill],
      parameters: {{config: {{{given}, {dataset}{section}}}}}}}
  - {{name: b, entrypoint: gristmill.flows.synthesize_math.synthesize_math, tags: [gristmill],
      parameters: {{no-such: 1}}}}
""",
    )
    serve = ("serve", "--in-own-session")
    assert f"without `serve {flag}`" in workplace.refuses(*serve)
    other = "--allow-paths" if flag == "--allow-launch" else "--allow-launch"
    assert f"without `serve {flag}`" in workplace.refuses(*serve, other)
    assert "deployment 'b': parameters: synthesize-math has no 'no-such'" in workplace.refuses(*serve, flag)


def test_the_shipped_file_can_be_served_as_it_is() -> None:
    assert checked_deployments(shipped_file(), limit=4)
