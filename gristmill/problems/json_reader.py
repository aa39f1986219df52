"""JSON Lines, row by row: one object a line.

JSON is read as the standard library reads it, so NaN and Infinity pass here and are refused where a field is
used.
"""

import json
from pathlib import Path

from gristmill.problems.lines import LineError, Lines
from gristmill.problems.rows import BadRow, Row, Rows

_KINDS = {list: "list", str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def json_rows(path: Path) -> Rows:
    """Blank lines are passed over."""
    with Lines(path) as lines:
        while True:
            try:
                line = next(lines)
                if not line.strip():
                    continue
                fields = _object(line)
            except StopIteration:
                return
            except LineError as error:
                yield BadRow(path.name, "line", lines.number, "", str(error))
            else:
                yield Row("line", lines.number, fields, tuple(fields))


def _object(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise LineError(f"is not JSON: {error.msg} at column {error.colno} (one object a line)") from error
    except (ValueError, RecursionError) as error:
        raise LineError(f"cannot be read as JSON: {error}") from error
    if isinstance(value, dict):
        return value
    hint = "; `jq -c '.[]'` turns a list into one object a line" if isinstance(value, list) else ""
    raise LineError(f"is a JSON {_KINDS[type(value)]}, not an object{hint}")
