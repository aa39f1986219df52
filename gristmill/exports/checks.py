"""Checks of export settings that go together or not, made before anything is read or written.

A setting that would do nothing is refused: whoever gave it would take the export for another one.
"""

from collections.abc import Callable, Iterator, Sequence

from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Format
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import METRICS
from gristmill.verifiers.reasons import Reason

_NeedsFormat = tuple[str, Sequence[str], Callable[[Format], bool], str]

_OF_FORMATS: tuple[_NeedsFormat, ...] = (
    ("output", ("form", "separator"), lambda made: made.has_forms, "formats that know both forms"),
    ("pairs", ("pairing", "pairs_per_problem", "margin_metric"), lambda made: made.wants_pairs, "pairs"),
    ("transform", ("markers", "styles"), lambda made: made.takes_transforms, "single responses as they are"),
    ("transform", ("step_threshold",), lambda made: made.wants_steps, "step values"),
    (
        "filter",
        ("reasons", "without_reasons", "min_tokens", "max_tokens", "with_surplus"),
        lambda made: bool(made.outcomes),
        "formats with responses",
    ),
    ("keep", ("per_problem", "keep", "keep_metric"), lambda made: bool(made.outcomes), "responses"),
)
_OF_SETTINGS: dict[str, tuple[str, ...]] = {
    "markers": ("marker_dropout_all", "marker_dropout_each"),
    "styles": ("shots",),
}
"""What else goes by a setting of `transform`."""
_OUTCOMES = {reason.value: reason.outcome for reason in Reason}


def check_settings(settings: ExportSettings) -> None:
    """Raises ConfigError naming the flag and the known values."""
    output = settings.output
    if output.format not in FORMATS:
        raise ConfigError(f"--format: {output.format!r} is unknown; known are {', '.join(FORMATS)}")
    if output.container not in CONTAINERS:
        raise ConfigError(f"--container: {output.container!r} is unknown; known are {', '.join(CONTAINERS)}")
    _check_effect(settings, output.format)
    _check_company(settings)
    _check_pairs(settings, FORMATS[output.format])
    for flag, name in (
        ("--keep-metric", settings.keep.keep_metric),
        ("--margin-metric", settings.pairs.margin_metric),
        ("--marker-metric", settings.transform.marker_metric),
    ):
        if name is not None and name not in METRICS:
            raise ConfigError(f"{flag}: {name!r} is not a metric; known: {', '.join(METRICS)}")


def _check_effect(settings: ExportSettings, name: str) -> None:
    for section, fields, fits, what in _OF_FORMATS:
        for field in _given(settings, section, fields):
            if not fits(FORMATS[name]):
                fitting = ", ".join(other for other, made in FORMATS.items() if fits(made))
                raise ConfigError(
                    f"{_flag(field)} does nothing for the format {name}: it is for {what} ({fitting})"
                )


def _check_company(settings: ExportSettings) -> None:
    for leader, fields in _OF_SETTINGS.items():
        for field in _given(settings, "transform", fields):
            if not getattr(settings.transform, leader):
                raise ConfigError(f"{_flag(field)} does nothing without {_flag(leader)}")
    if settings.output.form != "plain":
        for field in _given(settings, "output", ("separator",)):
            raise ConfigError(f"{_flag(field)} does nothing without --form plain")


def _check_pairs(settings: ExportSettings, made: Format) -> None:
    if not made.wants_pairs:
        return
    pairs, margin_is_shown = settings.pairs, "margin" in made.schema(settings).names
    if pairs.margin_metric is not None and pairs.pairing != "max-margin" and not margin_is_shown:
        raise ConfigError(
            f"--margin-metric does nothing for {settings.output.format} but with --pairing max-margin"
        )
    outcomes = {_OUTCOMES.get(reason) for reason in settings.filter.reasons}  # None: of another version
    if outcomes and None not in outcomes and not outcomes.issuperset(made.outcomes):
        raise ConfigError(
            "--reasons leaves one side of the pairs empty: name reasons of accepted and of rejected "
            "responses, or say --without-reasons"
        )


def _given(settings: ExportSettings, section: str, fields: Sequence[str]) -> Iterator[str]:
    """The fields that differ from their defaults."""
    asked = getattr(settings, section)
    unasked = getattr(ExportSettings(), section)
    return (field for field in fields if getattr(asked, field) != getattr(unasked, field))


def _flag(field: str) -> str:
    return f"--{field.replace('_', '-')}"
