"""A file that is named and cannot be read is refused in words, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError
from kitaran.foundation.given_files import bytes_of, text_of


def test_why_a_file_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    strange = tmp_path / "strange.yaml"
    strange.write_bytes(b"\xff\xfe")
    for place, cause in (
        (tmp_path / "missing.yaml", "There is no such file."),
        (strange / "below.yaml", "There is no such file."),
        (tmp_path, "This is a folder, not a file."),
        (strange, "The file is not text in UTF-8."),
    ):
        with pytest.raises(InputError) as refused:
            text_of(place, "Give YAML.")
        (fault,) = refused.value.faults
        assert (fault.cause, fault.place) == (cause, str(place))
        assert fault.remedy
        assert "Errno" not in str(refused.value)
    with pytest.raises(InputError, match="no such file"):
        bytes_of(tmp_path / "missing.json", "Name a bundle.")


def test_the_mark_that_windows_writes_is_no_text(tmp_path: Path) -> None:
    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert text_of(marked, "") == "a: 1\n"
    assert bytes_of(marked, "") == b"\xef\xbb\xbfa: 1\n"
