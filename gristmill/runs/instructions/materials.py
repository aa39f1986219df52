"""Seeds and document fragments that briefs are written from, read from their files.

Both are known by their content, as a problem is: a notice that stands in a hundred documents is one subject,
and is asked about as often as any other. Both carry where they come from, which the problems made of them
inherit; of several places it is the first that was asked about.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from gristmill.generators.makers import MakerName
from gristmill.problems.documents import read_documents
from gristmill.problems.fragments import Granularity, fragments
from gristmill.problems.readers import open_rows, stem
from gristmill.problems.rows import BadRow, Row
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.sampling.candidates import Material
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import Problem, problem_id

SEED = "seed"
"""The status of a problem that instructions are made from, and that no run draws for on that account."""


def read_seeds(settings: InstructionSettings) -> list[Material]:
    """In the order of the file, each once. Raises ConfigError for the file, DataError for a row of it."""
    path = Path(settings.seeds or "").expanduser()
    seeds: dict[str, Material] = {}
    try:
        opened = open_rows(path)
    except ConfigError as error:
        raise ConfigError(f"seeds: {str(error).removeprefix('dataset: ')}") from error
    with closing(opened) as rows:
        for row in rows:
            if isinstance(row, BadRow):
                raise DataError(str(row))
            seed = _seed(row, settings, path.name)
            seeds.setdefault(seed.key, seed)
    if not seeds:
        raise DataError(f"{path.name} is empty: it holds no seeds")
    return list(seeds.values())


def gate_seeds(maker: MakerName, seeds: Sequence[Material]) -> Sequence[Material]:
    """The seeds that a candidate may not be like: all, but where it holds its seed word for word."""
    return () if maker is MakerName.CONSTRAINED else seeds


def seed_problem(seed: Material, path: str) -> Problem:
    """A seed as it is stored, so that what names it as its parent can be explained."""
    return Problem(seed.parent, seed.whole, "", seed.level, stem(Path(path)), (), seed.origin)


def granularities(maker: MakerName) -> tuple[Granularity, ...]:
    """Of the fragments that the maker asks about: questions are about passages alone."""
    return (Granularity.PASSAGE,) if maker is MakerName.GROUNDED_QA else tuple(Granularity)


def open_fragments(settings: InstructionSettings, run_seed: int) -> Iterator[Material]:
    """Every fragment of every document that the maker asks about, in order.

    In constant memory but for one document at a time.
    """
    wanted = granularities(settings.maker or MakerName.EXTRACT)
    for document in read_documents(settings.documents, settings.document_field):
        for fragment in fragments(document, run_seed):
            if fragment.granularity not in wanted:
                continue
            origin = {
                "file": document.name,
                "granularity": fragment.granularity.value,
                "spans": json.dumps(fragment.spans),
            }
            key = problem_id(fragment.text, fragment.granularity)
            yield Material(key, document.id, fragment.text, level=fragment.granularity.value, origin=origin)


def _seed(row: Row, settings: InstructionSettings, file: str) -> Material:
    place = f"{file} {row.unit} {row.number}"
    names = settings.seed_fields()
    field = next((name for name in names if row.fields.get(name) not in (None, "")), names[0])
    text = row.fields.get(field)
    if not isinstance(text, str) or not text.strip():
        has = ", ".join(row.known) or "no fields"
        raise DataError(
            f"{place}: no text in the field {' or '.join(names)}; the row has {has} "
            "(--seed-field names another)"
        )
    level = row.fields.get(settings.seed_level_field) if settings.seed_level_field else None
    given, kind = _input(row), "" if level is None else str(level).strip()
    try:
        (text + given + kind).encode()
    except UnicodeEncodeError as error:  # no request could carry it
        raise DataError(f"{place}: holds half of a surrogate pair") from error
    whole = f"{text.strip()}\n\n{given}" if given else text.strip()
    id_ = problem_id(whole, "")
    return Material(id_, id_, text.strip(), given, kind, {"file": file, row.unit: str(row.number)})


def _input(row: Row) -> str:
    """What the instruction works on: the field `input`, or that of the first of its `instances`."""
    given = row.fields.get("input")
    instances = row.fields.get("instances")
    if given is None and isinstance(instances, list) and instances and isinstance(instances[0], dict):
        given = instances[0].get("input")
    return given.strip() if isinstance(given, str) else ""
