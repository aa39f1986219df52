import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.structure.json_schema import check_schema, schema_violation

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"

STEPS = json.dumps(
    {
        "type": "object",
        "properties": {
            "steps": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"text": {"type": "string"}, "answer": {"type": "number"}},
                    "required": ["text"],
                },
            }
        },
        "required": ["steps"],
        "additionalProperties": False,
    }
)


def document(*answers: object) -> str:
    return json.dumps({"steps": [{"text": "so", "answer": answer} for answer in answers]})


def test_a_document_that_the_schema_allows_has_nothing_against_it() -> None:
    assert schema_violation(STEPS, document(1, 2.5, -3)) is None
    assert schema_violation("true", "5") is None


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        (document(1, 2, "3"), Reason.SCHEMA_VIOLATION, "$.steps[2].answer: '3' is not of type 'number'"),
        (document("1", 2, "3"), Reason.SCHEMA_VIOLATION, "$.steps[0].answer: '1' is not of type 'number'"),
        ('{"steps": [{}]}', Reason.SCHEMA_VIOLATION, "$.steps[0]: 'text' is a required property"),
        ("[]", Reason.SCHEMA_VIOLATION, "$: [] is not of type 'object'"),
        ("{}", Reason.SCHEMA_VIOLATION, "$: 'steps' is a required property"),
        ("steps: none", Reason.NOT_JSON, "Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_a_violation_names_the_path_and_what_is_wrong_there(text: str, reason: Reason, detail: str) -> None:
    assert schema_violation(STEPS, text) == (reason, detail)


def test_a_key_that_is_no_name_is_quoted_in_the_path() -> None:
    found = schema_violation('{"additionalProperties": {"type": "null"}}', '{"a b": 1}')
    assert found == (Reason.SCHEMA_VIOLATION, "$['a b']: 1 is not of type 'null'")


def test_of_several_choices_the_one_that_was_meant_is_named() -> None:
    schema = {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "integer"}}]}
    found = schema_violation(json.dumps(schema), "[1, 2, 0.5]")
    assert found == (Reason.SCHEMA_VIOLATION, "$[2]: 0.5 is not of type 'integer'")


def test_the_detail_of_a_huge_document_stays_short_and_keeps_what_is_wrong() -> None:
    found = schema_violation('{"type": "object"}', json.dumps(["x" * 1000] * 1000))
    assert found is not None
    assert len(found[1]) < 400
    assert found[1].startswith("$: ['xxx")
    assert found[1].endswith("is not of type 'object'")
    long_key = schema_violation('{"additionalProperties": false}', json.dumps({"k" * 100_000: 1}))
    assert long_key is not None
    assert len(long_key[1]) < 700


DRAFTS_DIFFER = [
    ({"items": [{"type": "integer"}]}, DRAFT_7, '["a"]', False),
    ({"prefixItems": [{"type": "integer"}]}, DRAFT_7, '["a"]', True),
    ({"prefixItems": [{"type": "integer"}]}, DRAFT_2020, '["a"]', False),
    ({"prefixItems": [{"type": "integer"}]}, None, '["a"]', False),
    ({"items": [{"type": "integer"}]}, DRAFT_2019, '["a"]', False),
    ({"dependencies": {"a": ["b"]}}, DRAFT_7, '{"a": 1}', False),
    ({"dependentRequired": {"a": ["b"]}}, DRAFT_7, '{"a": 1}', True),
    ({"dependentRequired": {"a": ["b"]}}, DRAFT_2020, '{"a": 1}', False),
    ({"definitions": {"a": {"type": "null"}}, "$ref": "#/definitions/a", "minimum": 9}, DRAFT_7, "1", False),
    ({"$ref": "#/definitions/a", "minimum": 9, "definitions": {"a": {}}}, DRAFT_7, "1", True),
    ({"$ref": "#/$defs/a", "minimum": 9, "$defs": {"a": {}}}, DRAFT_2020, "1", False),
    ({"type": "integer"}, "http://json-schema.org/draft-04/schema#", "1.0", False),
    ({"type": "integer"}, DRAFT_7, "1.0", True),
    ({"type": "integer"}, "http://json-schema.org/draft-07/schema", "1.0", True),
]


@pytest.mark.parametrize(("schema", "draft", "text", "valid"), DRAFTS_DIFFER)
def test_the_draft_that_the_schema_names_decides(
    schema: dict[str, object], draft: str | None, text: str, valid: bool
) -> None:
    named = schema if draft is None else {"$schema": draft, **schema}
    assert (schema_violation(json.dumps(named), text) is None) is valid


def test_a_list_of_items_is_no_schema_of_the_newest_draft() -> None:
    with pytest.raises(ValueError, match=r"\$\.items of the schema"):
        check_schema('{"items": [{"type": "integer"}]}')


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2026-02-28", "2026-02-30"), ("date-time", "2026-02-28T10:00:00Z", "2026-02-28"),
        ("time", "10:00:00Z", "25:00:00Z"), ("email", "a@b.org", "a.b.org"),
        ("ipv4", "127.0.0.1", "127.0.0.256"), ("ipv6", "::1", "::1::"),
        ("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08"), ("regex", "a+", "(a"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("draft", [DRAFT_7, DRAFT_2020])
def test_a_known_format_is_asserted(draft: str, name: str, good: str, bad: str) -> None:
    schema = json.dumps({"$schema": draft, "format": name})
    assert schema_violation(schema, json.dumps(good)) is None
    assert schema_violation(schema, json.dumps(bad)) is not None


def test_a_format_that_is_not_known_means_nothing() -> None:
    assert schema_violation('{"format": "json-pointer"}', '"~"') is None


WRONG_SCHEMAS = [
    ("{", "the schema is not JSON: "),
    ("schema.json", "the schema is not JSON: "),
    ('{"type": "string", "type": "number"}', "the key 'type' stands twice"),
    ("[]", "a schema is an object, true or false"),
    ('{"type": "objct"}', r"\$\.type of the schema: 'objct'"),
    ('{"properties": {"a": {"minimum": "1"}}}', r"\$\.properties\.a\.minimum of the schema: '1'"),
    ('{"properties": {"a": {"pattern": "(a"}}}', r"\$\.properties\.a\.pattern of the schema: '\(a'"),
    ('{"patternProperties": {"(a": {}}}', r"\$\.patternProperties of the schema: '\(a'"),
    (
        '{"$schema": "http://example.org/mine"}',
        r"\$\.\$schema: 'http://example.org/mine' is none of .*draft-07",
    ),
    ('{"$schema": 7}', r"\$\.\$schema: 7 is none of "),
    ('{"$ref": "#/definitions/a"}', "'#/definitions/a' leads nowhere"),
    ('{"properties": {"a": {"items": {"$ref": "#b"}}}}', "'#b' leads nowhere"),
    ('{"$defs": {"a": {"$ref": "other.json"}}}', "'other.json' leads nowhere"),
    ('{"$ref": "#/far/off", "far": {"off": {"$ref": "#/gone"}}}', "'#/gone' leads nowhere"),
    ('{"$ref": "#/far", "far": {"type": "objct"}}', r"#/far: \$\.type of the schema"),
    ('{"$ref": "#/far", "far": [1]}', r"#/far: \$ of the schema"),
    ('{"$ref": "http://[::1"}', "leads nowhere"),
    ('{"$ref": "#"}', "refers to itself without end"),
    ('{"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#"}}}', "refers to itself without end"),
]


@pytest.mark.parametrize(("schema", "message"), WRONG_SCHEMAS)
def test_a_schema_that_is_wrong_says_where(schema: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_schema(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}},
        {"$id": "http://example.org/a", "$ref": "#k", "$defs": {"a": {"$anchor": "k"}}},
        {"$id": "http://example.org/a", "$ref": "b", "$defs": {"b": {"$id": "http://example.org/b"}}},
        {"$ref": DRAFT_2020},
        {"$schema": DRAFT_7, "$ref": DRAFT_7},
        {"$schema": DRAFT_2019, "$recursiveAnchor": True, "items": {"$recursiveRef": "#"}},
        {"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}}},
        {"properties": {"$ref": {"type": "string"}}, "enum": [{"$ref": "nowhere"}]},
    ],
    ids=json.dumps,
)
def test_a_reference_may_lead_anywhere_in_the_schema_and_to_the_drafts(schema: dict[str, object]) -> None:
    check_schema(json.dumps(schema))


def test_a_schema_that_names_itself_holds_at_every_depth() -> None:
    schema = '{"type": "object", "properties": {"next": {"$ref": "#"}}}'
    assert schema_violation(schema, '{"next":' * 99 + "{}" + "}" * 99) is None
    found = schema_violation(schema, '{"next":' * 99 + "5" + "}" * 99)
    assert found is not None
    assert found[0] is Reason.SCHEMA_VIOLATION


@contextmanager
def counting_server() -> Iterator[tuple[str, list[str]]]:
    """A server that would answer every request with a schema, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_nothing_is_fetched() -> None:
    with counting_server() as (url, asked):
        for schema in (
            {"$ref": f"{url}/ref"},
            {"$schema": DRAFT_7, "properties": {"a": {"$ref": f"{url}/ref#/x"}}},
            {"$id": f"{url}/id", "$ref": "sibling"},
            {"$dynamicRef": f"{url}/dynamic"},
            {"$schema": f"{url}/dialect"},
        ):
            with pytest.raises(ValueError, match=r"leads nowhere|is none of"):
                check_schema(json.dumps(schema))
        check_schema(json.dumps({"$id": f"{url}/id", "type": "string"}))
        inner = {"properties": {"a": {"$schema": f"{url}/inner", "$id": f"{url}/inner", "type": "string"}}}
        assert schema_violation(json.dumps(inner), '{"a": "b"}') is None
        assert schema_violation(json.dumps({"format": "uri"}), f'"{url}/format"') is None
    assert asked == []


def test_no_file_is_read() -> None:
    with pytest.raises(ValueError, match="leads nowhere"):
        check_schema(json.dumps({"$ref": f"file://{__file__}"}))
