"""The folder that gets the reports of deployed runs, and the address under which it is served, if it is."""

import os
from pathlib import Path

FOLDER_VARIABLE = "GRISTMILL_REPORTS"
URL_VARIABLE = "GRISTMILL_REPORTS_URL"


def report_folder() -> Path:
    """`GRISTMILL_REPORTS`, else `reports` in the working directory; it need not be there."""
    return Path(os.environ.get(FOLDER_VARIABLE) or "reports")
