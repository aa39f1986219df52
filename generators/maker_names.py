"""Names of the makers, apart from their modules: settings and help need no more."""

from enum import StrEnum


class MakerName(StrEnum):
    """Makers (instruction synthesizers): the keys of `generators.makers.MAKERS`."""

    SELF_INSTRUCT = "self-instruct"
    EXTRACT = "extract-then-generate"
    EXPAND = "expand"
    REFINE = "refine"
    EVOLVE = "evolve"
    GROUNDED_QA = "grounded-qa"
    CONSTRAINED = "constrained"
