"""Check of a response against a JSON Schema, and of the schema itself.

The idea: `$schema` decides the draft (2020-12 where there is none), and everything that can be wrong with a
schema is said when it is checked, before anything is drawn: what its draft forbids, patterns that Python does
not take, references that lead nowhere. References lead within the schema or to the drafts' own schemas;
nothing is ever fetched, from a file or over the network.

Choices and limits. `format` is asserted for `FORMATS`, as `jsonschema` checks them, and means nothing for
others. Patterns are Python's, not ECMAScript's. A schema whose references run in a circle below its root is
found out by the first response that goes there, and leaves it undecided.

Source: the package `jsonschema` (drafts 3 to 2020-12); it needs `rfc3339-validator` for dates with times.
"""

from functools import lru_cache
from typing import Any

from jsonschema import (
    Draft3Validator,
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
    FormatChecker,
)
from jsonschema.exceptions import SchemaError, ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema_specifications import REGISTRY
from referencing.exceptions import CannotDetermineSpecification, Unresolvable
from referencing.jsonschema import specification_with

from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.structure.json_document import read_document
from gristmill.verifiers.verdict_text import shortened

FORMATS = ("date", "date-time", "email", "ipv4", "ipv6", "regex", "time", "uuid")

_DRAFTS: dict[str, type[Validator]] = {
    str(draft.META_SCHEMA["$schema"]).rstrip("#"): draft
    for draft in (
        Draft202012Validator,
        Draft201909Validator,
        Draft7Validator,
        Draft6Validator,
        Draft4Validator,
        Draft3Validator,
    )
}
_DEFAULT = next(iter(_DRAFTS))
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_SAMPLES: tuple[Any, ...] = (None, True, 0, "", [], {})

_format_checker = FormatChecker(())
_format_checker.checkers = {name: Draft202012Validator.FORMAT_CHECKER.checkers[name] for name in FORMATS}


def check_schema(text: str) -> None:
    """Raises ValueError that says what is wrong with the schema, and where."""
    _validator(text)


def schema_violation(schema: str, text: str) -> tuple[Reason, str] | None:
    """Why a response does not satisfy the schema: the reason, and path and message. None where it does."""
    try:
        document = read_document(text)
    except ValueError as exc:
        return Reason.NOT_JSON, shortened(str(exc))
    errors = _validator(schema).iter_errors(document)
    error = best_match([worst] if (worst := max(errors, key=_weight, default=None)) else [])
    if error is None:
        return None
    return Reason.SCHEMA_VIOLATION, f"{shortened(error.json_path)}: {shortened(error.message)}"


def _weight(error: ValidationError) -> tuple[int, bool]:
    """High up weighs more than deep down, a plain keyword more than a choice; of equals the first counts."""
    return -len(error.path), error.validator not in ("anyOf", "oneOf")


@lru_cache(maxsize=8)
def _validator(text: str) -> Validator:
    try:
        schema = read_document(text)
    except ValueError as exc:
        raise ValueError(f"the schema is not JSON: {shortened(str(exc))}") from exc
    uri = _draft_uri(schema)
    try:
        _check_against_draft(schema, _DRAFTS[uri], "")
        _check_references(schema, uri)
        made: Validator = _DRAFTS[uri](schema, registry=REGISTRY, format_checker=_format_checker)
        for sample in _SAMPLES:
            made.is_valid(sample)
    except RecursionError as exc:
        raise ValueError("the schema refers to itself without end, or is nested too deeply") from exc
    return made


def _draft_uri(schema: Any) -> str:
    if not isinstance(schema, (dict, bool)):
        raise ValueError("a schema is an object, true or false")
    asked = schema.get("$schema", _DEFAULT) if isinstance(schema, dict) else _DEFAULT
    uri = asked.removesuffix("#") if isinstance(asked, str) else ""
    if uri not in _DRAFTS:
        raise ValueError(f"$.$schema: {shortened(repr(asked))} is none of {', '.join(_DRAFTS)}")
    return uri


def _check_against_draft(schema: Any, draft: type[Validator], where: str) -> None:
    try:
        draft.check_schema(schema)
    except SchemaError as exc:
        path = shortened(exc.json_path)
        raise ValueError(f"{where}{path} of the schema: {shortened(exc.message)}") from exc


def _check_references(schema: Any, uri: str) -> None:
    """Looks every reference up, and in what it leads to all those that stand there."""
    specification = specification_with(uri)
    root = specification.create_resource(schema)
    todo, seen = [(root, REGISTRY.resolver_with_root(root))], set()
    while todo:
        resource, resolver = todo.pop()
        if not isinstance(resource.contents, dict) or id(resource.contents) in seen:
            continue
        seen.add(id(resource.contents))
        for reference in _references(resource.contents):
            contents, there = _found(reference, resolver)
            _check_against_draft(contents, _DRAFTS[uri], f"{shortened(reference)}: ")
            todo.append((specification.create_resource(contents), there))
        for inner in resource.subresources():
            todo.append((inner, resolver.in_subresource(inner)))


def _references(schema: dict[str, Any]) -> list[str]:
    return [schema[name] for name in _REFERENCES if isinstance(schema.get(name), str)]


def _found(reference: str, resolver: Any) -> tuple[Any, Any]:
    """What a reference leads to, and the resolver for references there."""
    try:
        found = resolver.lookup(reference)
    except (Unresolvable, CannotDetermineSpecification, ValueError) as exc:
        raise ValueError(
            f"the reference {shortened(reference)!r} leads nowhere: it must lead to a place in the schema "
            "itself, for nothing is fetched"
        ) from exc
    return found.contents, found.resolver
