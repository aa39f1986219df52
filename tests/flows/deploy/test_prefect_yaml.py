"""prefect.yaml as read and checked: what the shipped one holds, and which errors name what."""

from pathlib import Path

import pytest

from gristmill.flows.deploy.prefect_yaml import TAG, read_deployments, shipped_file
from gristmill.flows.deploy.register import checked_deployments
from gristmill.sampling.errors import ConfigError
from tests.support.children import ROOT

MATH = """
deployments:
  - name: math
    entrypoint: gristmill.flows.synthesize_math.synthesize_math
    tags: [gristmill]
    parameters:
      config:
        recipe: dart-uniform
        dataset: {dataset: demo}
        policy: {policy: uniform, quota: 2, ceiling: 4}
"""
TOP_UP = """
deployments:
  - name: top-up
    entrypoint: gristmill.flows.jobs.top_up.top_up_flow
    tags: [gristmill]
    parameters:
      job: {config: {recipe: dart-uniform}}
"""
WORK = """
deployments:
  - name: work
    entrypoint: gristmill.flows.jobs.work.work_flow
    tags: [gristmill]
"""


def test_every_shipped_deployment_is_valid_and_none_starts_by_itself() -> None:
    checked = checked_deployments(shipped_file())
    assert [one.deployment.full_name for one in checked] == [
        "synthesize-math/nightly-math",
        "synthesize-instructions/instructions",
        "top-up/nightly-top-up",
        "export/export",
        "reverify/reverify",
        "report/report",
        "work/work",
    ]
    assert not any(one.block.is_scheduled for one in checked)
    for one in checked:
        variables = one.block.work_pool.job_variables
        assert variables["stream_output"] is False
        assert variables["env"] == {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
        assert one.deployment.tags == [TAG]


def test_the_file_in_the_root_is_the_shipped_one() -> None:
    assert (ROOT / "prefect.yaml").read_bytes() == shipped_file().read_bytes()


def test_variables_of_the_environment_are_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(MATH.replace("{dataset: demo}", "{dataset: '{{ $FOLDER }}/a.jsonl'}"), "utf-8")
    monkeypatch.setenv("FOLDER", "/data")
    (block,) = read_deployments(file)
    assert block.parameters["config"]["dataset"] == {"dataset": "/data/a.jsonl"}  # type: ignore[index,call-overload]


ERRORS = {
    "not YAML": ("deployments: [", "not YAML"),
    "no list": ("deployments: {}", "holds no list `deployments`"),
    "unknown key above": (f"deploymnts: []\n{MATH}", "unknown key 'deploymnts'; known: build"),
    "no name": (MATH.replace("name: math", "description: x"), "deployment 'number 1': name: Field required"),
    "unknown key": (
        MATH.replace("tags:", "tag: x\n    tags:"),
        "'math': tag: Extra inputs are not permitted",
    ),
    "no tag": (MATH.replace("[gristmill]", "[mine]"), "'math': tags: gristmill is missing"),
    "no variable": (
        MATH.replace("demo", "'{{ $NO_SUCH_ONE }}'"),
        "the environment variable NO_SUCH_ONE is not",
    ),
    "twice": (MATH + MATH.partition("deployments:")[2], "'math' is there twice"),
    "two kinds of schedule": (
        MATH + "    schedules: [{cron: '0 2 * * *', interval: 60}]",
        "'math': schedules.0: give one of cron, interval and rrule",
    ),
    "no such cron": (MATH + "    schedules: [{cron: '0 99 * * *'}]", "'math': schedules.cron: Invalid cron"),
    "no such zone": (
        MATH + "    schedules: [{cron: '0 2 * * *', timezone: Mars}]",
        "'math': schedules.timezone",
    ),
    "no such flow": (MATH.replace("math.synthesize_math", "math.nothing"), "'math': entrypoint: "),
    "no such module": (MATH.replace("flows.synthesize", "flows.nothing"), "'math': entrypoint: No module"),
    "unknown parameter": (
        MATH + "      worker: 1\n",
        "'math': parameters: synthesize-math has no 'worker'; known: config, run_id, workers",
    ),
    "out of bounds": (
        MATH.replace("quota: 2", "quota: 0"),
        "'math': parameters.config.policy.quota: Input should be greater than or equal to 1",
    ),
    "misspelt recipe": (
        MATH.replace("dart-uniform", "dart-unifrom"),
        "'math': parameters.config: unknown recipe 'dart-unifrom': is it dart-uniform? shipped are ",
    ),
    "misspelt recipe of an incomplete job": (
        TOP_UP.replace("dart-uniform", "DART-uniform"),
        "'top-up': parameters.job.config: unknown recipe 'DART-uniform': is it dart-uniform? ",
    ),
    "misspelt recipe of a schedule": (
        MATH + "    schedules: [{cron: '0 2 * * *', active: false, parameters: {config: {recipe: dart}}}]",
        "'math', schedule 1: parameters.config: unknown recipe 'dart': ",
    ),
    "unknown setting": (
        MATH.replace("quota:", "quotas_: 1, quota:"),
        "parameters.config.policy.quotas_: Extra",
    ),
    "scheduled, incomplete": (
        WORK + "    schedules: [{cron: '0 2 * * *'}]",
        "'work': parameters: job: needed, as a schedule is active",
    ),
    "scheduled, incomplete inside": (
        WORK + "    parameters: {job: {}}\n    schedules: [{cron: '0 2 * * *'}]",
        "'work': parameters.job.run_id: Field required",
    ),
}


@pytest.mark.parametrize(("text", "said"), ERRORS.values(), ids=ERRORS)
def test_an_error_names_file_deployment_and_field(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        checked_deployments(file)
    message = str(raised.value)
    assert message.startswith(f"{file}: ")
    assert said in message


@pytest.mark.parametrize(
    "text",
    [
        MATH.replace("dart-uniform", "night.toml"),
        MATH.replace("dart-uniform", "./night"),
        MATH.replace("recipe: dart-uniform", "recipe: dart-prop2diff"),
        MATH.replace("dart-uniform", "dart-unifrom") + "      run_id: math-20260102-0200\n",
        TOP_UP.replace("{config: {recipe: dart-uniform}", "{run_id: top-up-a, config: {recipe: a}"),
    ],
    ids=[
        "own by its end",
        "own by its folder",
        "another policy",
        "a run to go on with",
        "a top-up to go on with",
    ],
)
def test_a_recipe_that_is_no_slip_is_taken(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(text, "utf-8")
    assert len(checked_deployments(file)) == 1


def test_what_no_schedule_starts_may_be_incomplete(tmp_path: Path) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(WORK + "    parameters: {job: {concurrency: 8}}", "utf-8")
    assert [one.deployment.full_name for one in checked_deployments(file)] == ["work/work"]


WORKERS = "      workers: {}\n"
WORKERS_OF_A_SCHEDULE = "    schedules: [{{cron: '0 2 * * *', active: false, parameters: {{workers: {}}}}}]\n"


@pytest.mark.parametrize("workers", [WORKERS, WORKERS_OF_A_SCHEDULE])
def test_a_run_and_its_workers_need_a_place_each_where_one_process_serves_both(
    tmp_path: Path, workers: str
) -> None:
    file = tmp_path / "prefect.yaml"
    work = WORK.partition("deployments:\n")[2]
    file.write_text(MATH + workers.format(4) + work, "utf-8")
    with pytest.raises(ConfigError, match=r"'math': parameters\.workers: .* give --limit 5,"):
        checked_deployments(file, limit=4)
    assert len(checked_deployments(file, limit=5)) == 2
    assert checked_deployments(file), "others start the workers"
    file.write_text(MATH + workers.format(4), "utf-8")
    assert checked_deployments(file, limit=1), "others start the workers"
    file.write_text(MATH + workers.format(1) + work, "utf-8")
    assert checked_deployments(file, limit=1), "one worker is the run itself"
