"""HTML report of a deployed run, written to the folder of reports, and its address.

The folder is `GRISTMILL_REPORTS`, `reports` in the working directory by default. Where a web server shows it,
`GRISTMILL_REPORTS_URL` says under which address; without that the file's path is told, as text.
"""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from gristmill.db.sessions import Engine
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.local import without_user
from gristmill.reports.report_folder import FOLDER_VARIABLE, URL_VARIABLE, default_name, report_folder
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.text.private_files import make_folder

LONGEST_PATH = 1_000


def write_run_report(engine: Engine, run_id: str) -> Path | None:
    """None where matplotlib is not installed. An earlier report is replaced.

    Raises ConfigError and DataError for a folder that cannot be had or written to, StoreError.
    """
    try:
        from gristmill.reports.html.page import write_report
    except ModuleNotFoundError:
        return None
    folder = report_folder()
    try:
        make_folder(folder)
    except OSError as error:
        raise DataError(f"{FOLDER_VARIABLE}: {folder}: cannot be made: {error.strerror}") from error
    path = folder.resolve() / default_name((run_id,))
    write_report(engine, [run_id], path)
    return path


def address_of(path: Path) -> str | None:
    """None where no address is configured. Raises ConfigError for one that is none."""
    base = os.environ.get(URL_VARIABLE, "")
    if not base:
        return None
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc or ")" in base:
        raise ConfigError(f"{URL_VARIABLE}: {base!r} is no address such as http://127.0.0.1:4280")
    return f"{without_user(base).rstrip('/')}/{quote(path.name)}"


def as_markdown(path: Path) -> str:
    """Markdown: a link where there is an address for it, else the path."""
    address = address_of(path)
    return f"[{path.name}]({address})" if address else escaped(str(path), LONGEST_PATH)
