import pytest

from gristmill.verifiers.structure.json_document import DEEPEST, answer_in, read_document


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ('{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}), (' \t\r\n{"a": {}}\n', {"a": {}}),
        ('"text"', "text"), ("0", 0), ("[" * DEEPEST + "]" * DEEPEST, None),
        ('[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 1}]), ("1" * 308, int("1" * 308)),
    ],
)  # fmt: skip
def test_a_document_is_read(text: str, document: object) -> None:
    found = read_document(text)
    assert found == document or document is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expecting value"), ("The answer is 5.", "Expecting value"),
        ('```json\n{"a": 1}\n```', "Expecting value"), ('Sure! {"a": 1}', "Expecting value"),
        ('{"a": 1} {"a": 2}', "Extra data"), ("{'a': 1}", "property name"), ('{"a": 1', "delimiter"),
        ("[1, 2,]", "line 1 column"), ('{"a": 1, "b": 2, "a": 3}', "the key 'a' stands twice"),
        ('[[{"a": 1, "a": 1}]]', "the key 'a' stands twice"), ("NaN", "NaN is no JSON"),
        ('{"a": [Infinity]}', "Infinity is no JSON"), ("-Infinity", "-Infinity is no JSON"),
        ("1e999", "no double"), ("[-1e400]", "no double"), ("9" * 309, "no double"),
        ("9" * 5000, "no double"), ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deep"),
        ('{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1), "deep"), ("[" * 1_000_000, "deep"),
        ('{"a":' * 500_000 + "}" * 500_000, "deep"), ('"a\nb"', "control character"), ("\ufeff{}", "BOM"),
        ("\u00a0{}", "Expecting value"),
    ],
    ids=lambda value: repr(value[:30]),
)  # fmt: skip
def test_what_is_no_document_or_not_only_one_is_refused_and_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_document(text)


DOCUMENT = {"a": "5", "n": 0.5, "b": True, "z": None, "s": [{"x": 7}, "y"], "c/d": "slash", "~1": "tilde"}


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("a", "5"), ("n", "0.5"), ("b", None), ("z", None), ("s", None), ("missing", None), ("/s/0/x", "7"),
        ("/s/1", "y"), ("/s/2", None), ("/s/-", None), ("/s/01", None), ("/a/0", None), ("c/d", "slash"),
        ("/c~1d", "slash"), ("~1", "tilde"), ("/~01", "tilde"), ("/", None),
    ],
)  # fmt: skip
def test_the_answer_is_text_or_a_number_at_a_name_or_a_pointer(field: str, answer: str | None) -> None:
    assert answer_in(DOCUMENT, field) == answer
