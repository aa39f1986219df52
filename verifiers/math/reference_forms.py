"""A quick look at references, without SymPy: those that surely cannot be read as an answer."""

from collections.abc import Sequence

from gristmill.verifiers.math.extraction import boxed
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.math.shapes import nests_sanely, read_shape
from gristmill.verifiers.math.text_answers import is_prose, is_words

MOST_LOOKED_AT = 2000
_LONGEST = 2000


def unreadable_references(references: Sequence[str]) -> str:
    """A sentence on those that cannot be read, "" where all can. Of many, a spread of some is looked at."""
    looked_at = references[:: -(-len(references) // MOST_LOOKED_AT) or 1]
    unread = [reference for reference in looked_at if not may_be_read(reference)]
    if not unread:
        return ""
    return f"{len(unread)} of {len(looked_at)} references cannot be read, the first is {unread[0][:80]!r}"


def may_be_read(reference: str) -> bool:
    """False for what is empty, too long, prose among numbers, or has brackets that do not close."""
    if len(reference) > _LONGEST:
        return False
    box = boxed(reference)
    text = normalise(box.answer if box else reference)
    return bool(text) and all(
        read_number(part) is not None or is_words(part) or (nests_sanely(part) and not is_prose(part))
        for part in read_shape(text).parts
    )
