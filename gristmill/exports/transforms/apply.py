"""Transform of single-turn examples: styles first, then markers.

A transform takes a problem and its examples and gives the examples that stand in their place. Markers come
last, so that they are the last line of whatever prompt a style wrote and the first line of its completion.
Those that tell of the response as drawn (its tokens, its metric) are refused beside styles by the settings.
"""

from collections.abc import Callable, Iterable, Iterator

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Example, Transform
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.markers import open_markers
from gristmill.exports.transforms.styles import open_styles


def open_transform(
    settings: ExportSettings,
    problems: Callable[[], Iterator[ExportProblem]],
    pool: Callable[[], Iterator[ExportProblem]],
) -> Transform | None:
    """None where nothing is asked for.

    `problems` begins a pass over all problems of the export, filtered, with accepted attempts alone and with
    the metric `marker_metric`; it is called where a marker needs it. `pool` begins one over the split
    `train`, alike, and is left as soon as there is enough. Raises ConfigError where the export lacks what is
    asked for.
    """
    styles = open_styles(settings, pool)  # first: it is refused after a few problems, not after all of them
    markers = open_markers(settings, problems)
    if markers is None or styles is None:
        return markers or styles

    def both(problem: ExportProblem, examples: Iterable[Example]) -> Iterable[Example]:
        return markers(problem, styles(problem, examples))

    return both
