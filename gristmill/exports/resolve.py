"""Resolves the settings of an export: runs by name, a run's own best-of-k selection, withdrawals.

Resolved settings name everything that they depend on, so that a manifest that holds them finds the same rows
however the store has grown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from gristmill.db.exports.facts import known_values
from gristmill.db.exports.withdrawals import Kind, withdrawals
from gristmill.db.metrics import Measured, add_metrics, lacks_metric
from gristmill.db.runs import RunRecord, list_runs
from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.db.verdicts import Verified, attempts_to_verify
from gristmill.exports.checks import check_settings
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import ExportSettings, FilterSettings, KeepSettings
from gristmill.runs.run_ids import is_instruction_run
from gristmill.runs.settings.selection import SelectionSettings
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import metric

_CHECKED_FIELDS = {
    "models": "model",
    "sources": "source",
    "levels": "level",
    "reasons": "reason",
    "without_reasons": "reason",
}
_MOST_NAMED = 12
_NO_ANSWERS = ("code-tests", "constraints", "grounding", "structure")


@dataclass(frozen=True, slots=True)
class ResolvedSettings:
    """`settings` have the runs by name; rows of `without_models`, which were withdrawn, are left out."""

    settings: ExportSettings
    without_models: tuple[str, ...]

    @property
    def run_ids(self) -> tuple[str, ...]:
        return self.settings.filter.runs


def resolve(session: Session, asked: ExportSettings) -> ResolvedSettings:
    """Raises ConfigError for settings that do not go together, for runs that are not there, that made
    instructions or were withdrawn, and where no run is left.
    """
    check_settings(asked)
    gone = withdrawals(session)
    withdrawn_runs = {found.name: found.reason for found in gone if found.kind is Kind.RUN}
    run_ids = _runs(session, asked, withdrawn_runs)
    settings = _with(asked, "filter", runs=run_ids, run_recipes=())
    if FORMATS[asked.output.format].wants_details:  # it shows what is there, quota or not
        settings = _with(settings, "filter", with_surplus=True)
    check_values(session, settings.filter)
    _check_answers(session, settings)
    settings = _with_own_choice(session, settings)
    return ResolvedSettings(settings, tuple(sorted(found.name for found in gone if found.kind is Kind.MODEL)))


def _runs(session: Session, asked: ExportSettings, withdrawn: dict[str, str]) -> tuple[str, ...]:
    """Ids of the runs named and of those of the recipes named, each once, in order of name."""
    wanted = asked.filter
    if not (wanted.runs or wanted.run_recipes):
        raise ConfigError("name a run to export, or --run-recipes; `gristmill runs` lists what there is")
    found: set[str] = set()
    for run_id in wanted.runs:
        _check_named(session, run_id, withdrawn)
        found.add(run_id)
    known = list_runs(session) if wanted.run_recipes else []
    for recipe in wanted.run_recipes:
        of_recipe = [run for run in known if run.recipe == recipe]
        if not of_recipe:
            recipes = ", ".join(sorted({run.recipe for run in known})) or "none"
            raise ConfigError(f"--run-recipes: no run is of {recipe!r}; the store has runs of {recipes}")
        for run in of_recipe:
            if run.id not in withdrawn and not _made_instructions(run):
                found.add(run.id)
    if not found:
        raise ConfigError("no run of these recipes is left: all were withdrawn, or made instructions alone")
    return tuple(sorted(found))


def _check_named(session: Session, run_id: str, withdrawn: dict[str, str]) -> None:
    if _made_instructions(stored_run(session, run_id)):
        raise ConfigError(
            f"{run_id} made instructions; the responses to them are in the run of its name before"
        )
    if run_id in withdrawn:
        raise ConfigError(f"run {run_id} was withdrawn: {withdrawn[run_id]}")


def _made_instructions(run: RunRecord) -> bool:
    """A run of a data set may have such a name, too."""
    return is_instruction_run(run.id) and snapshot_from(run.config).config.makes_instructions


def check_values(session: Session, filters: FilterSettings) -> None:
    """A value that the runs do not have is a slip, which would leave everything out without a word."""
    for field, what in _CHECKED_FIELDS.items():
        asked: Sequence[str] = getattr(filters, field)
        if not asked:
            continue
        known = known_values(session, filters.runs, what)
        missing = [value for value in asked if value not in known]
        if missing:
            named = ", ".join(repr(value) for value in sorted(known)[:_MOST_NAMED])
            more = ", ..." if len(known) > _MOST_NAMED else ""
            raise ConfigError(
                f"--{field.replace('_', '-')}: the runs have no {what} {missing[0]!r}; they have "
                f"{named or 'none'}{more}"
            )


def _with_own_choice(session: Session, settings: ExportSettings) -> ExportSettings:
    """A run that chooses one response of each problem exports that one, unless told otherwise."""
    given = settings.keep
    told = given.keep is not None or settings.filter.with_surplus
    if told or not _takes_accepted_alone(settings):
        return settings
    choices = {_choice(session, run_id) for run_id in settings.filter.runs}
    if choices == {None}:
        return settings
    if len(choices) > 1:
        raise ConfigError(
            "these runs choose their responses by different rules: say which to keep by --keep, or "
            "--with-surplus to keep them all"
        )
    [(metric, which)] = (choice for choice in choices if choice is not None)
    keep = KeepSettings.model_validate(
        {"per_problem": given.per_problem or 1, "keep": which, "keep_metric": metric}
    )
    # Of the accepted ones any may be the best: the quota, which takes the first, does not come before.
    return _with(settings.model_copy(update={"keep": keep}), "filter", with_surplus=True)


def _check_answers(session: Session, settings: ExportSettings) -> None:
    """Tests, constraints and passages are references, too, and no answers."""
    if not FORMATS[settings.output.format].shows_answers:
        return
    for run_id in settings.filter.runs:
        verifier = snapshot_from(stored_run(session, run_id).config).config.verifier.verifier
        if verifier in _NO_ANSWERS:
            raise ConfigError(
                f"--format {settings.output.format}: the references of run {run_id} are what the verifier "
                f"{verifier} goes by, and no answers"
            )


def _takes_accepted_alone(settings: ExportSettings) -> bool:
    return len(FORMATS[settings.output.format].outcomes) == 1


def _choice(session: Session, run_id: str) -> tuple[str, str] | None:
    selection: SelectionSettings = snapshot_from(stored_run(session, run_id).config).config.selection
    return None if selection.select_by is None else (selection.select_by, selection.select)


def _with(settings: ExportSettings, section: str, **changes: object) -> ExportSettings:
    changed = getattr(settings, section).model_copy(update=changes)
    return settings.model_copy(update={section: changed})


def metric_names(settings: ExportSettings, *, pairs: bool) -> Sequence[str]:
    """Names of the metrics that the settings refer to, each once."""
    names = (
        settings.keep.keep_metric,
        settings.pairs.margin_metric if pairs else None,
        settings.transform.marker_metric if settings.transform.markers else None,
    )
    return list(dict.fromkeys(name for name in names if name is not None))


_GROUP = 1_000


def compute_missing_metrics(
    engine: Engine, run_ids: Sequence[str], names: Sequence[str], as_of: datetime
) -> None:
    """For every response there was by then. What is stored stays: it would come out the same."""
    for run_id in run_ids:
        with reading(engine) as session:
            missing = [name for name in names if lacks_metric(session, run_id, name, as_of)]
            responses = attempts_to_verify(session, run_id)
            while missing and (group := list(islice(responses, _GROUP))):
                with writing(engine) as writer:
                    add_metrics(writer, run_id, list(_measured(group, missing)))


def _measured(group: Sequence[Verified], names: Sequence[str]) -> Iterator[Measured]:
    for row in group:
        for name in names:
            yield Measured(row.problem.id, row.number, name, metric(name, row.response.text), None)
