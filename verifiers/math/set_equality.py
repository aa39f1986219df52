r"""Equality of two sets of real numbers, however each is written: `[0,1]\cup[1,2]` and `0 \le x \le 2`.

The idea: both are read into their one form (`real_sets.py`), and two forms are equal or different for
certain. Nothing is said where one of the two cannot be read as a set.
"""

from gristmill.verifiers.math.real_sets import RealSet
from gristmill.verifiers.math.set_reading import SetReader
from gristmill.verifiers.math.shapes import nests_sanely
from gristmill.verifiers.reasons import Reason


def compare_sets(reference: str, answer: str) -> Reason | None:
    """None where one of the two is no set of reals that can be read."""
    if not (nests_sanely(reference) and nests_sanely(answer)):
        return None
    reader = SetReader()
    try:
        wanted = reader.read(reference)
        wanted_variables = set(reader.variables)
        given = reader.read(answer)
    except ValueError:
        return None
    if len(reader.variables) > 1:
        return Reason.WRONG_ANSWER if _different_variables(wanted_variables, reader) else None
    return _verdict(wanted, given, reader)


def _different_variables(wanted: set[str], reader: SetReader) -> bool:
    """Whether each side has one variable, and the two are not the same."""
    return len(wanted) == 1 and len(reader.variables) == 2


def _verdict(wanted: RealSet, given: RealSet, reader: SetReader) -> Reason:
    if reader.unsure:
        return Reason.UNPROVED
    return Reason.EQUAL if wanted == given else Reason.WRONG_ANSWER
