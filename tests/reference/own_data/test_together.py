"""Several people accept at once: no upload is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kitaran import reference
from kitaran.reference.own_data import accept, accepted, read_upload, remove

from .conftest import REGISTRATION, Fill

YEARS = (2019, 2020, 2021, 2022, 2023, 2024)


def test_uploads_accepted_at_once_are_all_in_use(tmp_path: Path, fill: Fill) -> None:
    uploads = [
        read_upload(fill(registrations=[{**REGISTRATION, "year": year, "number": year}]), f"{year}.xlsx")
        for year in YEARS
    ]
    with ThreadPoolExecutor(len(uploads)) as people:
        list(people.map(lambda upload: accept(tmp_path, upload), uploads))
    table = reference.read("ev_sales", tmp_path)
    own = {table.by_id(row_id) for row_id in table.overridden}
    assert sorted(row["year"] for row in own if row is not None) == list(YEARS)  # type: ignore[type-var]
    with ThreadPoolExecutor(len(uploads)) as people:
        list(people.map(lambda upload: remove(tmp_path, upload.id), uploads))
    assert accepted(tmp_path) == ()
    assert reference.read("ev_sales", tmp_path).overridden == ()
