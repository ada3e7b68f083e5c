"""Files that are no workbook, or one that would do harm: refused in words, never with a crash."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran.reference.own_data import UploadError, read_upload
from kitaran.reference.own_data.workbook import MAX_BYTES, MAX_UNPACKED_BYTES

from .conftest import REGISTRATION, Fill, faults_of


def test_an_empty_file_is_refused() -> None:
    assert "empty" in faults_of(b"")[0].cause


def test_a_csv_named_xlsx_is_refused() -> None:
    assert "no XLSX workbook" in faults_of(b"economy,year,number\nTHA,2024,5\n")[0].cause


def test_an_old_or_locked_workbook_is_refused() -> None:
    assert "password" in faults_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)[0].cause


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert "no XLSX workbook" in faults_of(_zip({"notes.txt": b"hello"}))[0].cause


def test_a_file_above_the_limit_is_refused() -> None:
    assert "the limit is 2 MB" in faults_of(b"PK\x03\x04" + b"\0" * MAX_BYTES)[0].cause


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"\0" * (MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 100_000
    assert "unpacks to" in faults_of(bomb)[0].cause


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(
        _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"\0" * (4 * MAX_UNPACKED_BYTES)})
    )
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert "damaged" in faults_of(bytes(bomb))[0].cause


def test_macros_are_refused(fill: Fill) -> None:
    content = _with_part(fill(registrations=[REGISTRATION]), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert "macros" in faults_of(content)[0].cause


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_defines_entities_is_refused(fill: Fill, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'.encode(encoding)
    content = _with_part(fill(registrations=[REGISTRATION]), "xl/evil.xml", bomb)
    assert "document type" in faults_of(content)[0].cause


def test_a_file_cut_off_anywhere_is_refused_in_words(fill: Fill) -> None:
    whole = fill(registrations=[REGISTRATION])
    for part in range(1, 20):
        faults_of(whole[: len(whole) * part // 20])


def test_flipped_bytes_never_end_in_a_crash(fill: Fill) -> None:
    whole = fill(registrations=[REGISTRATION])

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), min_size=1, max_size=4))
    def flip(flips: list[tuple[float, int]]) -> None:
        content = bytearray(whole)
        for place, bits in flips:
            content[int(place * len(content))] ^= bits
        try:
            upload = read_upload(bytes(content), "x.xlsx")
        except UploadError:
            return
        assert upload.rows

    flip()


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def _with_part(content: bytes, name: str, body: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, body)
    return out.getvalue()
