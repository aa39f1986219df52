"""`gristmill report`: where it writes to, what it says, and how the page looks in a browser."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gristmill.reports.html
from gristmill.cli.report import report
from gristmill.reports.report_folder import default_name
from gristmill.sampling.errors import ConfigError, StoreError
from tests.reports.html.reading import read_page
from tests.support.commands import Workplace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def does(workplace: Workplace, *arguments: str) -> str:
    workplace.capsys.readouterr()
    report.main(list(arguments), standalone_mode=False)
    return workplace.capsys.readouterr().out


def test_the_report_of_a_run_lies_beside_its_store_or_where_it_is_wanted(finished: Workplace) -> None:
    said = does(finished, "done")
    assert said.startswith("done-report.html: ")
    assert said.endswith(" kB; open it in a browser\n")
    page = read_page((finished.folder / "done-report.html").read_text())
    assert "Run done" in page.words
    assert finished.files() == {"done-report.html"}
    shutil.copy(finished.folder / "done-report.html", finished.folder / "elsewhere.html")
    assert does(finished, "done", "--out", "elsewhere.html").startswith("elsewhere.html: ")


def test_what_cannot_be_reported_writes_nothing(workplace: Workplace, finished_store: Path) -> None:
    with pytest.raises(StoreError, match="there is none"):
        does(workplace, "done")
    shutil.copy(finished_store, workplace.store)
    with pytest.raises(ConfigError, match="there is no run 'nope'"):
        does(workplace, "done", "nope")
    assert workplace.files() == set()


def test_without_the_library_of_the_plots_it_says_what_to_install(
    finished: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("page", "plots"):
        monkeypatch.delitem(sys.modules, f"gristmill.reports.html.{name}", raising=False)
        monkeypatch.delattr(gristmill.reports.html, name, raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ConfigError, match=r"pip install 'gristmill\[report\]'"):
        does(finished, "done")


@pytest.mark.parametrize(
    ("run_ids", "name"),
    [
        (("r",), "r-report.html"),
        (("r", "r"), "r-report.html"),
        (("r", "s"), "report.html"),
        (("../../etc/x",), "etc-x-report.html"),
        (("\ud800",), "run-report.html"),
        (("a" * 500,), f"{'a' * 100}-report.html"),
    ],
)
def test_the_name_of_the_file_follows_the_run(run_ids: tuple[str, ...], name: str) -> None:
    assert default_name(run_ids) == name


@pytest.mark.full
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium to look at the page with (Debian's `chromium`)")
def test_a_browser_shows_the_page_without_a_word_of_complaint(finished: Workplace) -> None:
    does(finished, "done")
    picture = finished.folder / "page.png"
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        f"--user-data-dir={finished.folder / 'browser'}",
        "--window-size=1400,2000",
        f"--screenshot={picture}",
        (finished.folder / "done-report.html").as_uri(),
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in told.stderr  # what the page's own policy forbids is told there, as are errors
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 50_000  # an empty page is a tenth of it
