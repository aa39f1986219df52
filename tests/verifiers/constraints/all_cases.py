"""The cases of all families."""

from tests.verifiers.constraints import (
    cases_characters,
    cases_keywords,
    cases_layout,
    cases_lengths,
    cases_start_end,
    cases_whole_response,
)
from tests.verifiers.constraints.cases import Case

CASES: tuple[Case, ...] = (
    *cases_lengths.CASES,
    *cases_keywords.CASES,
    *cases_characters.CASES,
    *cases_layout.CASES,
    *cases_start_end.CASES,
    *cases_whole_response.CASES,
)
