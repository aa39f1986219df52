"""Strict JSON reader for text of a model: one document, and nothing that two readers read differently.

Stricter than Python's reader, which takes `NaN` and the last of two equal keys. The whole text must be the
document, white space around it aside: a response in a Markdown fence, or with a word before it, is none, for
whoever learns from it learns the fence, too. A number must fit a double, and `DEEPEST` arrays and objects may
stand inside each other: a reader may give up on more (RFC 8259, sections 4, 6 and 9).
"""

import json
import math
import re
from typing import Any, NoReturn

DEEPEST = 100

_INDEX = re.compile("0|[1-9][0-9]{0,8}")
_TOO_DEEP = f"arrays and objects more than {DEEPEST} deep"


def read_document(text: str) -> Any:
    """What `json` makes of it. Raises ValueError that says what is wrong, and where if that is known."""
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_no_constant,
        )
    except RecursionError as exc:
        raise ValueError(_TOO_DEEP) from exc
    if _is_too_deep(document):
        raise ValueError(_TOO_DEEP)
    return document


def answer_in(document: Any, field: str) -> str | None:
    """The text or number at a field of the document, as text; None where there is neither. The field is a
    name at the top, or a JSON Pointer (RFC 6901), which begins with a slash.
    """
    names = field[1:].split("/") if field.startswith("/") else [field.replace("~", "~0").replace("/", "~1")]
    for name in names:
        document = _member(document, name.replace("~1", "/").replace("~0", "~"))
    if isinstance(document, str):
        return document
    is_number = isinstance(document, (int, float)) and not isinstance(document, bool)
    return json.dumps(document) if is_number else None


def _member(parent: Any, name: str) -> Any:
    if isinstance(parent, list):
        return parent[int(name)] if _INDEX.fullmatch(name) and int(name) < len(parent) else None
    return parent.get(name) if isinstance(parent, dict) else None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _integer(digits: str) -> int:
    _float(digits)
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number that no double can hold")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _is_too_deep(document: object) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent) if isinstance(child, (dict, list))]
        if not level:
            return False
    return True


def _children(parent: object) -> list[object]:
    if isinstance(parent, dict):
        return list(parent.values())
    return parent if isinstance(parent, list) else []
