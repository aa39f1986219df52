"""Keys of the artifacts of a run: the same in every session, so that Prefect shows a timeline."""

import hashlib
import re

_FITS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_OTHER = re.compile(r"[^a-z0-9]+", re.ASCII)
_DIGITS = 8


def artifact_key(run_id: str) -> str:
    """A run's name where it fits, which is lower-case letters, digits and dashes; any other gets a hash at
    its end, so that `a.b`, `a_b` and `A-B` have keys of their own.
    """
    if _FITS.fullmatch(run_id):
        return run_id
    digest = hashlib.sha256(run_id.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{_OTHER.sub('-', run_id.lower()).strip('-') or 'run'}-{digest}"
