"""Conditions that name what the runs do not have: a slip, which would leave everything out without a word."""

from collections.abc import Sequence

from gristmill.db.exports.facts import known_values
from gristmill.db.sessions import Session
from gristmill.exports.settings import FilterSettings
from gristmill.sampling.errors import ConfigError

_FIELDS = {
    "models": "model",
    "sources": "source",
    "levels": "level",
    "reasons": "reason",
    "without_reasons": "reason",
}
_MOST_NAMED = 12


def check_values(session: Session, filters: FilterSettings) -> None:
    """Raises ConfigError with the values that there are."""
    for field, what in _FIELDS.items():
        asked: Sequence[str] = getattr(filters, field)
        if not asked:
            continue
        known = known_values(session, filters.runs, what)
        missing = [value for value in asked if value not in known]
        if missing:
            named = ", ".join(repr(value) for value in sorted(known)[:_MOST_NAMED])
            more = ", ..." if len(known) > _MOST_NAMED else ""
            raise ConfigError(
                f"--{field.replace('_', '-')}: the runs have no {what} {missing[0]!r}; they have "
                f"{named or 'none'}{more}"
            )
