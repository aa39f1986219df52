"""Settings that do not go together are refused before anything is read, by flag and known values."""

import pytest

from gristmill.exports.checks import check_settings
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import METRICS

PAIRING = {"dpo", "reward"}
TRANSFORMED = {"sft", "prompt-completion", "alpaca", "sharegpt", "openai"}
WITH_FORMS = {"prompt-completion", "dpo", "reward", "kto"}
WITH_RESPONSES = {name for name in FORMATS if name not in ("rlvr", "reference")}
BY_QUALITY = {"markers": ["quality"]}


def settings(
    format_name: str = "sft",
    container: str = "jsonl",
    form: str = "conversational",
    separator: str = "\n",
    **sections: object,
) -> ExportSettings:
    output = {"format": format_name, "container": container, "form": form, "separator": separator}
    return ExportSettings.model_validate({"output": output, **sections})


def passes(asked: ExportSettings) -> bool:
    try:
        check_settings(asked)
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_goes_with_every_container(name: str) -> None:
    for container in CONTAINERS:
        check_settings(settings(name, container))


REFUSED: dict[str, tuple[ExportSettings, list[str]]] = {
    "format": (settings("xml"), ["--format: 'xml' is unknown", *FORMATS]),
    "format of another case": (settings("SFT"), ["--format: 'SFT'"]),
    "odd format": (settings("\ud800\x00"), ["--format", "sft"]),
    "container": (settings(container="csv"), ["--container: 'csv' is unknown", *CONTAINERS]),
    "pairing": (
        settings("kto", pairs={"pairing": "hard"}),
        ["--pairing does nothing for the format kto: it is for pairs (dpo, reward)"],
    ),
    "number of pairs": (settings(pairs={"pairs_per_problem": 2}), ["--pairs-per-problem does nothing"]),
    "markers": (
        settings("dpo", transform={"markers": ["level"]}),
        ["--markers does nothing for the format dpo", *TRANSFORMED],
    ),
    "styles": (settings("rlvr", transform={"styles": "all"}), ["--styles does nothing", *TRANSFORMED]),
    "form": (settings("sft", form="plain"), ["--form does nothing for the format sft", *WITH_FORMS]),
    "dropout of no markers": (
        settings(transform={"marker_dropout_all": 0.5}),
        ["--marker-dropout-all does nothing without --markers"],
    ),
    "dropout of each of no markers": (
        settings(transform={"marker_dropout_each": 0.5}),
        ["--marker-dropout-each does nothing without --markers"],
    ),
    "shots without styles": (settings(transform={"shots": 5}), ["--shots does nothing without --styles"]),
    "separator of messages": (
        settings("dpo", separator="\n\n"),
        ["--separator does nothing without --form plain"],
    ),
    "margin that no rule and no column goes by": (
        settings("dpo", pairs={"margin_metric": "words"}),
        ["--margin-metric does nothing for dpo but with --pairing max-margin"],
    ),
    "metric to keep by": (
        settings(keep={"keep": "highest", "keep_metric": "mtdl"}),
        ["--keep-metric: 'mtdl' is not a metric", *METRICS],
    ),
    "metric of the margin": (
        settings("reward", pairs={"margin_metric": ""}),
        ["--margin-metric: ''", *METRICS],
    ),
    "metric of the marker": (
        settings(transform={**BY_QUALITY, "marker_metric": "\ud800"}),
        ["--marker-metric", *METRICS],
    ),
}


@pytest.mark.parametrize(("asked", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_named_with_what_can(asked: ExportSettings, says: list[str]) -> None:
    with pytest.raises(ConfigError) as refusal:
        check_settings(asked)
    for name in says:
        assert name in str(refusal.value)


DOES_SOMETHING: dict[str, tuple[dict[str, object], set[str]]] = {
    "pairing": ({"pairs": {"pairing": "max-margin"}}, PAIRING),
    "number of pairs": ({"pairs": {"pairs_per_problem": 2}}, PAIRING),
    "margin of the rule": ({"pairs": {"pairing": "max-margin", "margin_metric": "words"}}, PAIRING),
    "margin of the column": ({"pairs": {"margin_metric": "words"}}, {"reward"}),
    "markers": ({"transform": {"markers": ["level"]}}, TRANSFORMED),
    "dropout": ({"transform": {"markers": ["level"], "marker_dropout_all": 0.5}}, TRANSFORMED),
    "styles": ({"transform": {"styles": "all", "shots": 5}}, TRANSFORMED),
    "plain": ({"form": "plain", "separator": " "}, WITH_FORMS),
    "threshold": ({"transform": {"step_threshold": 0.5}}, {"stepwise"}),
    "tokens": ({"filter": {"min_tokens": 1, "max_tokens": 9}}, WITH_RESPONSES),
    "without a reason": ({"filter": {"without_reasons": ["equal"]}}, WITH_RESPONSES),
    "surplus": ({"filter": {"with_surplus": True}}, WITH_RESPONSES),
    "responses of a problem": ({"keep": {"per_problem": 2}}, WITH_RESPONSES),
    "rule": ({"keep": {"keep": "random"}}, WITH_RESPONSES),
    "by a metric": ({"keep": {"keep": "highest", "keep_metric": "words"}}, WITH_RESPONSES),
    "conditions on problems": (
        {"filter": {"models": ["m"], "sources": ["s"], "levels": ["1"], "max_pass_rate": 0.5}},
        set(FORMATS),
    ),
    "splits": ({"splits": {"test": 0.5}}, set(FORMATS)),
}


@pytest.mark.parametrize(("given", "fitting"), DOES_SOMETHING.values(), ids=DOES_SOMETHING)
def test_what_does_nothing_for_a_format_is_refused_and_what_does_something_goes(
    given: dict[str, object], fitting: set[str]
) -> None:
    assert {name for name in FORMATS if passes(settings(name, **given))} == fitting  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(PAIRING))
@pytest.mark.parametrize(
    ("reasons", "goes"),
    [
        ([], True),
        (["equal"], False),
        (["wrong-answer", "time-out"], False),
        (["equal", "valid"], False),
        (["equal", "wrong-answer"], True),
        (["equal", "a reason of another version"], True),
    ],
)
def test_reasons_cover_both_sides_of_a_pair(name: str, reasons: list[str], goes: bool) -> None:
    asked = settings(name, filter={"reasons": reasons})
    if goes:
        check_settings(asked)
    else:
        with pytest.raises(ConfigError, match="--reasons leaves one side of the pairs empty"):
            check_settings(asked)


def test_reasons_of_one_outcome_go_where_rows_are_single_responses() -> None:
    for name in WITH_RESPONSES - PAIRING:
        check_settings(settings(name, filter={"reasons": ["equal"]}))


def test_settings_of_pairs_that_say_nothing_new_go_with_every_format() -> None:
    for name in FORMATS:
        check_settings(
            settings(name, pairs={"pairing": "random", "pairs_per_problem": 1, "margin_metric": None})
        )


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_one_to_go_by(metric: str) -> None:
    check_settings(settings(keep={"keep": "lowest", "keep_metric": metric}))
    check_settings(settings("dpo", pairs={"pairing": "max-margin", "margin_metric": metric}))
    check_settings(settings("reward", pairs={"margin_metric": metric}))
    check_settings(settings(transform={**BY_QUALITY, "marker_metric": metric}))
