"""What command and flow of a top-up share: what is exported at its end, and how it says that nothing was."""

from gristmill.exports.export import Exported
from gristmill.exports.settings import ExportSettings
from gristmill.exports.versions import NotExported
from gristmill.sampling.pipeline import PipelineReport

NOTHING_MISSING = "Nothing is missing: no request was issued"


def export_of(settings: ExportSettings, run_id: str) -> ExportSettings:
    """Of the top-ups' run, and of those that the settings name beside it."""
    runs = (*(name for name in settings.filter.runs if name != run_id), run_id)
    filter_ = settings.filter.model_copy(update={"runs": runs})
    return settings.model_copy(update={"filter": filter_})


def drew_nothing(report: PipelineReport) -> bool:
    return report.attempts + report.failures == 0


def export_line(made: Exported | NotExported) -> str:
    """The new version, or why there is none."""
    if isinstance(made, NotExported):
        return f"No export: the rows are those of {made.last}"
    rows, problems = made.manifest.rows, made.manifest.problems
    return f"{made.path}: {rows:,} rows from {problems:,} problems"
