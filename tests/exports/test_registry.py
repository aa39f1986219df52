"""Names of formats and containers come without the libraries that write them."""

import subprocess
import sys

import pytest

from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Format

_PROGRAM = """
import sys
import gristmill.exports.settings, gristmill.exports.formats, gristmill.exports.containers
assert "sft" in gristmill.exports.formats.FORMATS
print([name for name in ("pyarrow", "sqlalchemy", "jinja2", "rich") if name in sys.modules])
"""


def test_settings_and_names_load_no_library() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_entry_is_there() -> None:
    assert all(isinstance(one, Format) for one in FORMATS.values())
    assert all("train" in one.pattern("train") for one in CONTAINERS.values())
    assert len(FORMATS) == len(list(FORMATS))
    assert "xml" not in FORMATS
    with pytest.raises(KeyError):
        FORMATS["xml"]
