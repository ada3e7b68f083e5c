"""Every word of the movement pages can be translated; what comes from the tables is marked as data."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.web.page_text import PageText
from tests.web.test_language import LETTERS, own_words
from tests.web.test_move import JAPAN, LAO, PROVEN
from tests.web.test_move_enter_fact import FREE

PAGES = (
    *("/move", "/move?kind=module", LAO, JAPAN, PROVEN, "/move/policies", "/move/policies?place=TH"),
    *(
        "/move/definitions",
        "/move/definitions/waste",
        "/move/rules",
        "/move/rules?place=TH",
        "/move/rules/W01",
    ),
    *("/move/rules?stage=papers&place=ALL", "/move/rules/TH-IMP-1", "/move/targets", "/move/own-facts"),
    *("/move/own-facts/enter?cc=TH&fact=import.used", "/move/own-facts/enter?cc=TH&fact=hazardous_groups"),
)
OF_LAW = re.compile(r"\b(Apache|CSV|JSON|PDF|UTF)\b")


def left_over(html: str) -> list[str]:
    """Words that neither went through the translator nor are marked as data."""
    left = [OF_LAW.sub("", own_words(words)) for words in PageText(html).words]
    return [words for words in left if LETTERS.search(words)]


@pytest.mark.parametrize("path", PAGES)
def test_no_word_of_a_movement_page_escapes_the_translator(site: TestClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    assert left_over(site.get(f"{path}{mark}lang=qps").text) == []


def test_a_preview_and_a_fault_speak_the_readers_language(empty_site: TestClient) -> None:
    for change in ({}, {"cite": ""}):
        page = empty_site.post("/move/own-facts/preview?lang=qps", data={**FREE, **change})
        assert "⟦" in page.text
        assert left_over(page.text) == []
