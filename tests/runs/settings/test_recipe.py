from pathlib import Path

import pytest

from gristmill.runs.settings.recipe import (
    as_toml,
    check_names_a_recipe,
    check_recipe_of_new_run,
    recipe_tables,
    run_config,
)
from gristmill.runs.settings.run import RunConfig, differences, with_execution_of
from gristmill.runs.settings.shipped import shipped_recipes
from gristmill.runs.settings.snapshot import snapshot_from, snapshot_of
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.policy import PolicyName

DATASET = {"dataset": {"dataset": "demo"}}


@pytest.mark.parametrize("name", ["vanilla", "dart-uniform", "dart-prop2diff", "budgeted"])
def test_every_shipped_recipe_is_a_configuration(name: str) -> None:
    assert name in shipped_recipes()
    assert shipped_recipes()[name]
    config = run_config(name, {**DATASET, "generator": {"server": "http://127.0.0.1:1/v1"}})
    assert config.generator.temperature == 1.6  # as published
    assert config.policy.as_policy().ceiling >= 52


def test_the_published_numbers_stand() -> None:
    assert run_config("vanilla", DATASET).policy.trials == 52
    assert run_config("dart-uniform", DATASET).policy.quota == 40
    prop2diff = run_config("dart-prop2diff", DATASET).policy
    assert (prop2diff.policy, prop2diff.quota) == (PolicyName.PROP2DIFF, 192)


def test_the_embedded_model_gets_settings_of_its_own_and_flags_win() -> None:
    assert run_config("dart-uniform", DATASET).generator.temperature < 1.0
    flagged = run_config("dart-uniform", {**DATASET, "generator": {"temperature": 1.1}})
    assert flagged.generator.temperature == 1.1
    scripted = run_config("dart-uniform", {**DATASET, "generator": {"backend": "scripted"}})
    assert scripted.generator.temperature == 1.6


def test_what_is_printed_is_a_recipe_that_gives_the_same_configuration(tmp_path: Path) -> None:
    config = run_config("budgeted", {**DATASET, "generator": {"stop": ("###",)}})
    path = tmp_path / "mine.toml"
    path.write_text(as_toml(config))
    assert run_config(str(path), {}).model_copy(update={"recipe": "budgeted"}) == config


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("policy = ", "not TOML"),
        ("[polcy]\nquota = 1\n", r"unknown table \[polcy\]; known: dataset, instructions, policy"),
        ("seed = 1\n", "unknown table"),
        ("[policy]\nquotta = 1\n", "--quotta"),
        ("[policy]\nquota = 0\nceiling = 1\n", "--quota: .*greater than or equal to 1"),
        ("[policy]\npolicy = 'uniform'\nquota = 1\n", "uniform needs ceiling"),
        ("[policy]\npolicy = 'vanilla'\ntrials = 1\nquota = 2\n", "vanilla has no use for quota"),
        ("[policy]\npolicy = 'budgeted'\nquota = 1\nceiling = 2\n", "just one of budget_draws"),
        ("[policy]\npolicy = 'prop2diff'\nquota = 1\nceiling = 2\n", "needs fail rates"),
    ],
)
def test_a_recipe_that_is_wrong_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        run_config(str(path), DATASET)


def test_an_unknown_recipe_names_the_known() -> None:
    with pytest.raises(ConfigError, match=r"unknown recipe 'dart'.*dart-uniform"):
        recipe_tables("dart")
    with pytest.raises(ConfigError, match=r"unknown recipe 'dart-unifrom': is it dart-uniform\?"):
        recipe_tables("dart-unifrom")


@pytest.mark.parametrize("name", ["dart-uniform", "mine.toml", "./mine", "folder/mine"])
def test_a_name_or_a_path_is_a_recipe_wherever_its_file_is(name: str) -> None:
    check_names_a_recipe(name)
    check_recipe_of_new_run(name)


@pytest.mark.parametrize("name", ["dart-unifrom", "Dart-Uniform", "mine", " ", "x" * 5000, "\x00", "\ud800"])
def test_any_other_name_is_none_unless_a_file_here_has_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for check in (check_names_a_recipe, check_recipe_of_new_run):
        with pytest.raises(ConfigError, match="unknown recipe"):
            check(name)
    if name == "mine":
        Path(name).touch()
        check_recipe_of_new_run(name)


def test_a_stored_configuration_is_read_whatever_its_recipe_is_called() -> None:
    odd = run_config("dart-uniform", DATASET).model_copy(update={"recipe": "dart-unifrom"})
    assert snapshot_from(snapshot_of(odd)).config == odd


def config_with(**changes: object) -> RunConfig:
    flags = {"policy": {k: v for k, v in changes.items() if k in ("quota", "ceiling")}}
    generator = {k: v for k, v in changes.items() if k not in ("quota", "ceiling")}
    return run_config("dart-uniform", {**DATASET, **flags, "generator": generator})


def test_a_run_may_go_on_at_another_pace_but_not_with_other_draws() -> None:
    stored, asked = config_with(), config_with(concurrency=3, tries=9)
    assert list(differences(stored, asked)) == []
    assert with_execution_of(stored, asked).generator.concurrency == 3
    changed = list(differences(stored, config_with(quota=3, temperature=0.1)))
    assert changed == ["quota: stored 40, asked 3", "temperature: stored 0.7, asked 0.1"]
