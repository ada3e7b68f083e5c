"""Workbooks wait on a shelf until someone decides; names that their senders gave can do no harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.foundation.errors import NotFoundError
from kitaran.reference.own_data import shelf


def test_a_workbook_is_fetched_as_it_was_given(tmp_path: Path) -> None:
    given_id = shelf.keep(tmp_path, b"content", "C:\\fake\\thailand.xlsx")
    assert shelf.fetch(tmp_path, given_id) == (b"content", "thailand.xlsx")
    assert shelf.waiting(tmp_path) == ((given_id, "thailand.xlsx"),)


def test_the_same_file_is_kept_once(tmp_path: Path) -> None:
    assert shelf.keep(tmp_path, b"content", "a.xlsx") == shelf.keep(tmp_path, b"content", "b.xlsx")
    assert len(shelf.waiting(tmp_path)) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 11, "0" * 13, "ABCDEFABCDEF", "", "\0" * 12])
def test_an_id_that_is_none_finds_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        shelf.fetch(tmp_path, name)


def test_a_full_shelf_drops_the_oldest_that_nobody_uses(tmp_path: Path) -> None:
    ids: list[str] = []
    for number in range(shelf.MAX_WAITING + 2):
        ids.append(shelf.keep(tmp_path, f"{number}".encode(), f"{number}.xlsx", in_use=ids[:1]))
        os.utime(tmp_path / f"{ids[-1]}.xlsx", (number, number))
    shelf.keep(tmp_path, b"last", "last.xlsx", in_use=ids[:1])
    left = {item for item, _ in shelf.waiting(tmp_path)}
    assert ids[0] in left
    assert ids[1] not in left
    assert ids[-1] in left


@given(st.text(max_size=300))
def test_any_file_name_becomes_a_plain_one(name: str) -> None:
    plain = shelf.plain_name(name)
    assert 1 <= len(plain) <= 100
    assert plain.isprintable()
    assert "/" not in plain
    assert "\\" not in plain
