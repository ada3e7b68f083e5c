"""Every word of the pages can be translated, and a reader gets the language that was asked for."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from kitaran import reference
from kitaran.web import language_catalogues
from kitaran.web.language import CATALOGUES, PseudoTranslations, choose, languages
from tests.web.page_text import PageText
from tests.web.test_every_page import SOME

LETTERS = re.compile(r"[A-Za-z]{2,}")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
OF_THE_FIELD = re.compile(
    r"\b(Kitaran|GWh|NMC\d*|NMCA|NCA|LFP|LMO|LTO|LMFP|SVG|CSV|JSON|XLSX|Apache|MB|ID)\b"
)


@lru_cache(maxsize=1)
def names_in_data() -> re.Pattern[str]:
    """Names that come from the fact tables and are not ours to translate: economies, tables, columns."""
    tables = [reference.read(name).meta for name in reference.names()]
    columns = {column for meta in tables for column in meta.columns}
    names = {e.name for e in reference.economies()} | {meta.title for meta in tables} | columns
    names |= {column.replace("_", " ") for column in columns} | {"synthetic"}
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(n)}(?!\w)" for n in longest_first))


def own_words(words: str) -> str:
    """What is left of a text without what was translated, names of the data and formulas of the field."""
    words = names_in_data().sub("", words)
    while MARKED.search(words):
        words = MARKED.sub("", words)
    return OF_THE_FIELD.sub("", words)


@pytest.mark.parametrize("path", [*SOME, "/nowhere", "/plan/XXX"])
def test_no_word_of_a_page_escapes_the_translator(site: TestClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    page = PageText(site.get(f"{path}{mark}lang=qps").text)
    left = [own_words(words) for words in page.words]
    assert [words for words in left if LETTERS.search(words)] == []


def test_the_pseudo_language_keeps_placeholders_and_tags() -> None:
    said = PseudoTranslations().gettext("In %(year)s <a href='/data'>look</a>")
    assert "%(year)s" in said
    assert "<a href='/data'>" in said
    assert said != "In %(year)s <a href='/data'>look</a>"


@pytest.mark.parametrize(
    ("asked", "cookie", "accept", "code"),
    [
        (None, None, None, "en"),
        ("qps", None, "en", "qps"),
        (None, "qps", "en", "qps"),
        (None, None, "qps", "en"),
        ("xx", None, "de-DE,en;q=0.5", "en"),
        (None, None, "en-GB;q=abc", "en"),
    ],
)
def test_the_first_language_that_exists_is_spoken(
    asked: str | None, cookie: str | None, accept: str | None, code: str
) -> None:
    assert choose(asked, cookie, accept).code == code


def test_a_language_asked_for_is_kept_for_the_next_page(site: TestClient) -> None:
    site.get("/about?lang=qps")
    assert "⟦" in site.get("/about").text


def test_each_compiled_catalogue_is_that_of_its_text() -> None:
    for language in languages():
        folder = CATALOGUES / language.code / "LC_MESSAGES"
        with (folder / "kitaran.po").open("rb") as text:
            compiled = io.BytesIO()
            write_mo(compiled, read_po(text, locale=language.code))
        assert (folder / "kitaran.mo").read_bytes() == compiled.getvalue(), language.code


def test_a_translator_gets_the_words_of_modules_and_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_catalogues, "CATALOGUES", tmp_path)
    language_catalogues.main(["ms"])
    with (tmp_path / "ms" / "LC_MESSAGES" / "kitaran.po").open("rb") as text:
        begun = read_po(text, locale="ms")
    assert begun.get("Skip to the content") is not None
    assert begun.get("8 times in 10 between %(low)s and %(high)s.") is not None
    assert (tmp_path / "ms" / "LC_MESSAGES" / "kitaran.mo").is_file()
