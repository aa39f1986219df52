"""Every parameter of a flow that can be deployed is one of which somebody has thought what it may name."""

import importlib
import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter

from gristmill.flows.deploy.prefect_yaml import read_deployments, shipped_file
from gristmill.flows.parameter_rules import KINDS
from tests.support.children import ROOT

_LOOKED_THROUGH = (Annotated, Union, types.UnionType)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def holds_text(annotation: Any) -> bool:
    return annotation in (str, Path, bytes, Any) or any(map(holds_text, get_args(annotation)))


def texts_of(name: str, annotation: Any) -> Iterator[str]:
    """The parameters at or below one that may hold any text."""
    models = list(models_in(annotation))
    if models and annotation not in models:
        assert get_origin(annotation) in _LOOKED_THROUGH, f"{name}: several models in one are not looked at"
    for model in models:
        for inner, field in model.model_fields.items():
            yield from texts_of(inner, field.annotation)
    if not models and holds_text(annotation):
        yield name


def parameters() -> list[tuple[str, Any]]:
    """Name and annotation of each, of every flow that can be deployed."""
    found: list[tuple[str, Any]] = []
    for block in read_deployments(shipped_file()):
        module, _, flow = block.imported_from.rpartition(".")
        function = getattr(importlib.import_module(module), flow).fn
        hints = get_type_hints(function, include_extras=True)
        found += [(name, hints[name]) for name in inspect.signature(function).parameters]
    return found


def test_every_parameter_that_holds_a_text_has_a_kind_and_no_other_has() -> None:
    texts = {name for parameter in parameters() for name in texts_of(*parameter)}
    assert texts | {"unsafe_no_isolation"} == set(KINDS)


def test_what_no_model_checks_is_a_number_or_the_name_of_a_run() -> None:
    for name, annotation in parameters():
        if not list(models_in(annotation)):
            schema = TypeAdapter(annotation).json_schema()
            kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
            assert all("pattern" in one or one["type"] == "integer" for one in kinds), name


def test_every_flow_that_can_be_deployed_is_shipped() -> None:
    """Else the tests above would not look at it."""
    flows = [file for file in (ROOT / "flows").rglob("*.py") if "\n@flow(" in file.read_text("utf-8")]
    assert len(flows) == len({block.imported_from for block in read_deployments(shipped_file())})
