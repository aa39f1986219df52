"""The environment of `make test-torch` is installed without resolving, so that its list is checked here."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def test_the_list_for_vllm_has_all_that_gristmill_asks_for() -> None:
    lines = (ROOT / "requirements-torch.txt").read_text("utf-8").splitlines()
    listed = dict(line.split("==") for line in lines if "==" in line)
    versions = {_plain(name): version for name, version in listed.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [Requirement(text) for text in project["dependencies"]]
    unmet = [
        str(each)
        for each in wanted
        if not each.specifier.contains(versions.get(_plain(each.name), "0"), prereleases=True)
    ]
    assert unmet == []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
