"""What is installed: real files in wheel and sdist, beside other packages that have names of our folders."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("flows", "generators", "verifiers", "db")
RIVAL = "verifiers==0.3.1"
"""A library for reinforcement learning that is imported as `verifiers`."""


def run(*command: str | Path, cwd: Path) -> str:
    """Its standard output; the caller's PYTHONPATH leads nowhere."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked() -> set[str]:
    """The product's modules under their names in the package."""
    listed = run("git", "ls-files", "*.py", cwd=ROOT).split()
    inside = {f"gristmill/{name}" for name in listed if name.split("/")[0] in FOLDERS}
    return inside | {name for name in listed if name.startswith("gristmill/")}


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel, made from the sdist, and the sdist, of what is committed or staged."""
    folder = tmp_path_factory.mktemp("distributions")
    run("git", "checkout-index", "--all", f"--prefix={folder}/tree/", cwd=ROOT)
    run(sys.executable, "-m", "build", "--outdir", folder, cwd=folder / "tree")
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


@pytest.mark.full
@pytest.mark.ci
def test_wheel_and_sdist_hold_every_module_as_a_file(distributions: tuple[Path, Path]) -> None:
    wheel, sdist = distributions
    with zipfile.ZipFile(wheel) as archive:
        assert tracked() <= set(archive.namelist())
    with tarfile.open(sdist) as archive:
        files = {member.name.split("/", 1)[-1]: member for member in archive.getmembers()}
    assert tracked() <= files.keys()
    assert [name for name in tracked() if not files[name].isfile()] == []


@pytest.mark.full
@pytest.mark.ci
def test_a_wheel_is_imported_beside_another_package_called_verifiers(
    distributions: tuple[Path, Path], tmp_path: Path
) -> None:
    """In an environment of its own, which finds in this one what both depend on, and none of our folders."""
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    (own,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*install, distributions[0], cwd=tmp_path)
    run(*install, RIVAL, cwd=tmp_path)
    ours = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (own / "depended-on.pth").write_text(f"{ours}\n")
    code = (
        "import verifiers, gristmill.verifiers, gristmill.flows.synthesize_math, gristmill.cli.main as main; "
        "print(verifiers.__version__, verifiers.__file__); print(gristmill.verifiers.__file__)"
    )
    theirs, mine = run(python, "-I", "-c", code, cwd=tmp_path).splitlines()
    assert theirs == f"{RIVAL.partition('==')[2]} {own / 'verifiers' / '__init__.py'}"
    assert mine == str(own / "gristmill" / "verifiers" / "__init__.py")


def test_a_clone_without_links_says_so_in_one_line(tmp_path: Path) -> None:
    package = tmp_path / "gristmill"
    package.mkdir()
    shutil.copy(ROOT / "gristmill" / "__init__.py", package)
    (package / "verifiers").write_text("../verifiers")
    command = [sys.executable, "-S", "-c", "import gristmill"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    *_, last = done.stderr.splitlines()
    assert last.startswith("ImportError: gristmill/verifiers is no link to ../verifiers")
