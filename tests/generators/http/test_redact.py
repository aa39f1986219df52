"""What is quoted of a server: one line, no key in any spelling, no user of a URL."""

import json
import traceback
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.http.redact import QUOTED_CHARACTERS, Redactor
from gristmill.generators.http.replies import BusyError
from gristmill.sampling.errors import UnavailableError
from gristmill.sampling.records import FinishReason, Response

KEY = 'ab/cd+e"f\\g h'
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


@pytest.mark.parametrize(
    "spelling",
    [
        KEY,
        quote(KEY),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower(),
        quote_plus(KEY),
        json.dumps(KEY)[1:-1],
        json.dumps(KEY)[1:-1].replace("/", "\\/"),
        "".join(f"\\u{ord(character):04X}" for character in KEY),
        repr(KEY.encode())[2:-1],
        KEY.replace(" ", "\n"),
    ],
)
def test_a_key_is_struck_in_every_spelling(spelling: str) -> None:
    assert Redactor(KEY).redact(f"<{spelling}>") == "<[key]>"


@given(key=st.text(PRINTABLE, min_size=6).map(str.strip).filter(lambda key: len(key) > 5))
def test_no_printable_key_is_left_after_decoding(key: str) -> None:
    for spelling in (key, quote(key, safe=""), json.dumps(key)[1:-1]):
        assert "[key]" in Redactor(key).redact(f"Ärger: {spelling}")


def test_a_key_at_the_cut_is_not_shown_in_half() -> None:
    for before in range(QUOTED_CHARACTERS - 20, QUOTED_CHARACTERS + 5):
        assert "sk-" not in Redactor("sk-0123456789").redact("x" * before + "sk-0123456789" * 3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("via http://me:s3cret@proxy:3128 and on", "via http://[user]@proxy:3128 and on"),
        ("'https://me:s3@cret@proxy'", "'https://[user]@proxy'"),
        ('"http:\\/\\/me:s3cret@proxy"', '"http://[user]@proxy"'),
        ("http://s3cret@proxy", "http://[user]@proxy"),
        ("http://host/v1?mail=me@example", "http://host/v1?mail=me@example"),
        ("write to me@example", "write to me@example"),
    ],
)
def test_the_user_of_a_url_is_struck(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("out of\nmemory\t\r\n at 3", "out of memory at 3"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\u2028b\x85c", "a b c"),
        ("\u202eabc\ud800", "\\u202eabc\\ud800"),
        ("Schlüssel 鍵", "Schlüssel 鍵"),
        ("", ""),
    ],
)
def test_a_message_is_one_line_without_control_characters(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


@pytest.mark.parametrize("piece", ["x", "\\", "/", "//", "//a", "sk-", "%", "\n", "@"])
@pytest.mark.timeout(60)
def test_a_body_of_megabytes_is_shown_as_its_start_is(piece: str) -> None:
    redactor, text = Redactor("sk-0123456789"), piece * ((8 << 20) // len(piece))
    shown = redactor.redact(text)
    assert shown == redactor.redact(text[: 2 * QUOTED_CHARACTERS])
    assert len(shown) <= QUOTED_CHARACTERS * 6


def test_an_error_keeps_kind_and_type_and_loses_the_cause_that_quotes_the_same() -> None:
    error = BusyError(f"no\n{KEY}", kind="http-429", retry_after_seconds=7)
    with pytest.raises(BusyError) as caught, Redactor(KEY).redacting():
        raise error from ValueError(KEY)
    assert str(caught.value) == "no [key]"
    assert (caught.value.kind, caught.value.retry_after_seconds) == ("http-429", 7)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_censor_does_not_tell_its_key() -> None:
    redactor = Redactor("0123456789")
    assert "0123456789" not in repr(redactor)
    with pytest.raises(UnavailableError, match=r"^\[key\]$"), redactor.redacting():
        raise UnavailableError("0123456789")


def a_response(text: str) -> Response:
    return Response(text, FinishReason.STOP, prompt_tokens=1, completion_tokens=1, seconds=0.1, model="m")


STRUCK = ["sk-0123456789", "SK-0123456789", "sk%2D0123456789", "\\u0073k-0123456789", "s\\x6b-0123456789"]
KEPT = ["sk-012345678", "sk-0123 456789", "0123456789", "9876543210-ks", "sk-\n0123456789", ""]


@pytest.mark.parametrize("spelling", STRUCK)
def test_a_response_is_kept_as_it_is_but_for_the_key(spelling: str) -> None:
    around = "  \\boxed{4}\n\n\x1b[31m http://me:pw@host \u202e"
    found = Redactor("sk-0123456789").without_key(a_response(f"{around}{spelling}{around}" * 200))
    assert found.text == f"{around}[key]{around}" * 200


@pytest.mark.parametrize("text", KEPT)
def test_a_response_without_the_key_is_the_same_one(text: str) -> None:
    response = a_response(f"a {text} b")
    assert Redactor("sk-0123456789").without_key(response) is response


@pytest.mark.parametrize("key", ["", "x", "none", "EMPTY", "12345"])
def test_what_is_too_short_to_be_a_key_stays_in_responses(key: str) -> None:
    response = a_response(f"The set is EMPTY, x = 12345, none of {key}.")
    assert Redactor(key).without_key(response) is response


@pytest.mark.parametrize("piece", ["sk-012345678", "s", "\\", "%73", "sk-0123 ", "\\u0073"])
def test_a_long_response_that_nearly_holds_the_key_is_kept_whole(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert Redactor("sk-0123456789 and more").without_key(a_response(text)).text == text
