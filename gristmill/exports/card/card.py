"""The data card of an export, `README.md`: what it holds, where it comes from, what it does not promise.

The text is the template `card.md.j2`; this module says what stands in it. All of it comes from the manifest,
so that the same manifest gives the same card. Whatever the template prints is a code span unless it is known
to be safe (`markdown.py`). The block of metadata that the hub reads is made in `metadata.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePath

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined

from gristmill.exports.card.column_descriptions import (
    MARKERS_IN_WORDS,
    STYLES_IN_WORDS,
    column_meaning,
    type_words,
)
from gristmill.exports.card.markdown import (
    MOST_ROWS,
    Markdown,
    block,
    by_count,
    cell,
    count_table,
    names,
    prose,
    table,
)
from gristmill.exports.card.metadata import metadata_block, splits_in_order, title
from gristmill.exports.container import Container
from gristmill.exports.formats import FORMATS
from gristmill.exports.manifest import Manifest, RunEntry
from gristmill.exports.settings import ExportSettings, TransformSettings, style_weights

_WORDING = ("question", "system", "examples")
_SAMPLING = ("template", "temperature", "top_p", "max_tokens")
_MOST_TEMPLATES = 5
_Rows = list[tuple[object, ...]]

_TEMPLATES = Environment(  # not HTML: `cell` makes a code span of everything that is printed
    loader=PackageLoader("gristmill.exports.card", "."),
    autoescape=False,  # noqa: S701
    finalize=cell,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(
    prose=prose, block=block, names=names, literal=Markdown, percent=lambda share: Markdown(f"{share:.1%}")
)
_TEMPLATES.globals.update(table=table, count_table=count_table)


def data_card(manifest: Manifest, container: Container, schema: pa.Schema) -> str:
    """`schema` is that of the records; valid Unicode whatever the names in the manifest are."""
    settings, counts = manifest.settings, manifest.counts
    export_format = FORMATS[settings.output.format]
    text: str = _TEMPLATES.get_template("card.md.j2").render(
        manifest=manifest,
        settings=settings,
        output=settings.output,
        separator=repr(settings.output.separator),
        transform=settings.transform,
        title=title(manifest),
        format_in_words=Markdown(export_format.in_words),
        row_counts=[("split", splits_in_order(manifest))]
        + [(dimension, counts.get(dimension, {})) for dimension in ("source", "level")],
        columns=[
            (
                field.name,
                Markdown(f"`{type_words(field.type)}`"),
                column_meaning(export_format.columns, field.name),
            )
            for field in schema
        ],
        has_responses=bool(export_format.outcomes),
        styles=_styles(settings.transform),
        markers=_markers(settings.transform),
        marker_line=Markdown("".join(f"<{name}>VALUE</{name}>" for name in settings.transform.markers)),
        left_out=by_count(manifest.left_out)[:MOST_ROWS],
        most_rows=MOST_ROWS,
        changed_settings=_changed_settings(settings),
        files=[(file.path, file.bytes, file.sha256) for file in manifest.files],
        **_runs(manifest.runs),
    )
    return metadata_block(manifest, container, schema) + "\n" + text.rstrip("\n") + "\n"


def _runs(runs: Mapping[str, RunEntry]) -> dict[str, object]:
    """Tables of the runs: what drew and judged, rates, how they drew, verdicts; wordings of the templates."""
    drawn = {run_id: run.generation for run_id, run in runs.items() if run.generation}
    wordings = [
        (given.get("template", ""), *(given.get(key, "") for key in _WORDING)) for given in drawn.values()
    ]
    return {
        "runs": [
            (run_id, run.recipe, names(run.models), names(run.verifiers)) for run_id, run in runs.items()
        ],
        "rates": [(run_id, *_rates(run)) for run_id, run in runs.items()],
        "generation": [(run_id, *_generation(given)) for run_id, given in drawn.items()],
        "scripted": [run_id for run_id, given in drawn.items() if given.get("backend") == "scripted"],
        "wordings": list(dict.fromkeys(wordings))[:_MOST_TEMPLATES],
        "verdicts": [
            (run_id, *counted) for run_id, run in runs.items() for counted in by_count(run.attempts)
        ],
    }


def _rates(run: RunEntry) -> Iterator[object]:
    """Problems, attempts, these by outcome, and the share of the decided that were accepted."""
    outcomes = Counter[str]()
    for verdict, count in run.attempts.items():
        outcomes[verdict.partition(":")[0]] += count
    accepted, rejected = outcomes["accepted"], outcomes["rejected"]
    yield from (run.problems, outcomes.total(), accepted, rejected, outcomes["undecided"])
    decided = accepted + rejected
    yield Markdown(f"{accepted / decided:.1%}" if decided else "-")


def _generation(given: Mapping[str, str]) -> Iterator[object]:
    """The settings that have a column, then the others but the wording."""
    yield from (given.get(key, Markdown("-")) for key in _SAMPLING)
    yield names((f"{key}={value}" for key, value in given.items() if key not in (*_SAMPLING, *_WORDING)), 20)


def _styles(transform: TransformSettings) -> _Rows:
    if transform.styles is None:
        return []
    weights = style_weights(transform.styles)
    shares = ["every response"] * 4
    if weights is not None:
        shares = [f"{weight / sum(weights):.1%}" for weight in weights]
    cells = zip(STYLES_IN_WORDS, shares, strict=True)
    return [tuple(map(Markdown, (*words, share))) for words, share in cells]


def _markers(transform: TransformSettings) -> _Rows:
    of_metric = "" if transform.marker_metric is None else f" ({cell(transform.marker_metric)})"
    return [
        (marker, Markdown(MARKERS_IN_WORDS[marker] + (of_metric if "quality" in marker else "")))
        for marker in transform.markers
    ]


def _changed_settings(settings: ExportSettings) -> _Rows:
    """Settings that differ from the defaults. Files are named without their folders, which are of one
    machine.
    """
    given, usual = settings.model_dump(mode="json"), ExportSettings().model_dump(mode="json")
    given["filter"]["benchmarks"] = [PurePath(file).name for file in given["filter"]["benchmarks"]]
    return [
        (f"{section}.{key}", json.dumps(value, ensure_ascii=False))
        for section, values in given.items()
        for key, value in values.items()
        if value != usual[section][key] and section != "card"
    ]
