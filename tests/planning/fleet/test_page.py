"""The page on the fleet shows what its example prints."""

from __future__ import annotations

from pathlib import Path

from tools import tutorials as tool

PAGE = Path(__file__).parents[3] / "docs" / "fleet.md"


def test_the_page_prints_what_it_shows() -> None:
    assert tool.run(PAGE) == [], "run it again and write what it prints"
