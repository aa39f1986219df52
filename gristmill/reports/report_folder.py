"""Folder for the reports of deployed runs (`GRISTMILL_REPORTS`), and the file names in it."""

import os
import re
from pathlib import Path

FOLDER_VARIABLE = "GRISTMILL_REPORTS"
URL_VARIABLE = "GRISTMILL_REPORTS_URL"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


def report_folder() -> Path:
    """`GRISTMILL_REPORTS`, else `reports` in the working directory; it need not be there."""
    return Path(os.environ.get(FOLDER_VARIABLE) or "reports")


def default_name(run_ids: tuple[str, ...]) -> str:
    """The file name of a report on these runs: no separator and no leading dot, whatever a run is called."""
    if len(set(run_ids)) > 1:
        return "report.html"
    name = _NOT_IN_NAMES.sub("-", run_ids[0]).lstrip(".-")[:_LONGEST_NAME] or "run"
    return f"{name}-report.html"
