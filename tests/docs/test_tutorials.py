"""The tutorials run, print what they show, and say what is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import tutorials as tool


@pytest.mark.parametrize("path", tool.tutorials(), ids=lambda path: path.stem)
def test_a_tutorial_prints_what_it_shows(path: Path) -> None:
    assert tool.run(path) == [], "renew it: python tools/tutorials.py --write"


def test_the_index_names_every_tutorial() -> None:
    index = (tool.FOLDER / "index.md").read_text(encoding="utf-8")
    assert [path.name for path in tool.tutorials() if f"({path.name})" not in index] == []


def page(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "lesson.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_block_prints_differently_is_found_and_renewed(tmp_path: Path) -> None:
    path = page(tmp_path, "```python\nprint(6 * 7)\n```\n\n```text\n41\n```\n\nSo <!--=6 * 7-->41<!--/-->.\n")
    assert tool.run(path) == ["lesson.md"]
    assert tool.run(path, write=True) == ["lesson.md"]
    renewed = "```python\nprint(6 * 7)\n```\n\n```text\n42\n```\n\nSo <!--=6 * 7-->42<!--/-->.\n"
    assert path.read_text(encoding="utf-8") == renewed
    assert tool.run(path) == []


def test_an_output_is_set_where_there_was_none(tmp_path: Path) -> None:
    path = page(tmp_path, "```console\n$ kitaran --version\n```\n\nAfter.\n")
    tool.run(path, write=True)
    assert "```\n\n```text\nkitaran " in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").endswith("```\n\nAfter.\n")


def test_words_that_are_no_longer_true_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no longer true: 2 > 3"):
        tool.run(page(tmp_path, "Two is more.<!--?2 > 3-->\n"))


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ended with 2"):
        tool.run(page(tmp_path, "```console\n$ kitaran lifetime simulate\n```\n"))
