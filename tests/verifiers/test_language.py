import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.language import (
    FEWEST_LETTER_BYTES,
    LANGUAGES,
    LONGEST,
    language_of,
    language_probability,
)

SENTENCES = [
    ("en", "Write a short poem about the first day of spring."),
    ("de", "Nenne drei Tipps für ein gesundes Leben."),
    ("fr", "Donnez trois conseils pour rester en bonne santé."),
    ("es", "Escribe una carta a tu abuela sobre las vacaciones de verano."),
    ("it", "Fornisci tre consigli per rimanere in salute."),
    ("pt", "Dê três dicas para se manter saudável."),
    ("pl", "Podaj trzy wskazówki dotyczące zdrowia."),
    ("nl", "Geef drie tips om gezond te blijven."),
    ("sv", "Ge tre tips för att hålla sig frisk."),
    ("tr", "Sağlıklı kalmak için üç ipucu verin."),
    ("ru", "Напишите короткое стихотворение о первом дне весны."),
    ("ja", "健康を保つための3つのヒントを教えてください。"),
    ("ko", "건강을 유지하기 위한 세 가지 팁을 알려주세요."),
    ("zh", "写一首关于春天的诗"),
    ("ar", "أعط ثلاث نصائح للبقاء بصحة جيدة."),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_a_sentence_is_named_by_its_language(language: str, text: str) -> None:
    assert language_of(text)[0] == language
    assert language_of(text)[1] == pytest.approx(language_probability(text, language))


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_english_is_all_but_ruled_out_in_other_languages(language: str, text: str) -> None:
    probability = language_probability(text, "en")
    assert probability is not None
    assert (probability > 0.5) if language == "en" else (probability < 0.002)


@pytest.mark.parametrize(
    "text", ["", "  \n", "hola", "12 + 34 = 46", "$x^2$", "x" * 19, "Пишите", "春天的诗", "\0\ud800"]
)
def test_too_few_letters_tell_nothing(text: str) -> None:
    assert language_of(text) == ("", 0.0)
    assert language_probability(text, "en") is None


def test_leading_white_space_hides_nothing() -> None:
    assert language_of("\n" * 3000 + SENTENCES[1][1])[0] == "de"


def test_the_known_languages_are_the_two_letter_codes_of_the_model() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    labels = LanguageIdentifier.from_model_file(MODEL_FILE).labels
    assert frozenset(label for label in labels if len(label) == 2) == LANGUAGES


@given(st.text())
def test_any_text_gets_a_probability(text: str) -> None:
    language, probability = language_of(text * FEWEST_LETTER_BYTES)
    assert 0.0 <= probability <= 1.0
    assert language in LANGUAGES | {""}


@pytest.mark.parametrize(
    "text", ["\ud800" * 50, "a\ud800\udfffb" * 50, "\u202eabc\0def" * 50, "e\u0301" * 5000]
)
def test_hostile_text_gets_an_answer(text: str) -> None:
    assert 0.0 <= language_of(text)[1] <= 1.0


def test_of_a_long_text_no_more_than_a_page_is_looked_at() -> None:
    page = ("some words of English " * LONGEST)[:LONGEST]
    assert language_of(page + SENTENCES[1][1] * 100_000) == language_of(page)
    assert language_of(" " * 10_000_000 + page) == ("", 0.0)


def test_threads_get_the_answers_that_one_caller_gets() -> None:
    texts = [text for _, text in SENTENCES] * 20
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(language_of, texts)) == [language_of(text) for text in texts]


def test_the_model_is_loaded_at_first_use_and_not_before() -> None:
    code = "import sys, gristmill.verifiers.language; sys.exit(bool({'py3langid', 'numpy'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
