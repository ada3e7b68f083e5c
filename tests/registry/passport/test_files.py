"""Files of batteries are read as spreadsheets write them, and what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError
from kitaran.registry.passport.files import read


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_heading_tells_what_stands_between_the_cells(tmp_path: Path, separator: str, mark: str) -> None:
    path = tmp_path / "packs.csv"
    rows = [["model", "serial_number", "codes"], ["pack-52", "S1", '"a;b"']]
    path.write_text(mark + "\r\n".join(separator.join(row) for row in rows), encoding="utf-8", newline="")
    assert list(read(path)) == [(2, {"model": "pack-52", "serial_number": "S1", "codes": "a;b"})]


def test_a_file_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no such file"):
        list(read(tmp_path / "nothing.csv"))
