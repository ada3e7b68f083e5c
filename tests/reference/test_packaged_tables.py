"""The tables inside the package: sound, and with the flags that their sources are known for."""

from __future__ import annotations

import pytest

from kitaran import reference
from kitaran.reference import checks

FINDINGS = reference.check()


def test_the_packaged_tables_have_no_error() -> None:
    assert [str(finding.as_fault()) for finding in FINDINGS if finding.level == "error"] == []


def test_the_stock_of_indian_two_and_three_wheelers_is_flagged_and_shown() -> None:
    """IEA Global EV Outlook 2025: up 510,000 in 2017 against sales of 85,000."""
    row = reference.read("ev_stock").by_id("ev_stock/IND.two_three_wheeler.BEV.2017.year_end@iea-gevo-2025")
    assert row is not None
    assert any("510,000" in flag and "85,000" in flag for flag in row.flags)


def test_indian_two_and_three_wheelers_of_2014_differ_by_source() -> None:
    """VAHAN registered 1,691 in 2014; IEA counts 260,000 with the unregistered low-speed ones."""
    (cause,) = [
        finding.cause
        for finding in FINDINGS
        if finding.check == "parts" and finding.row_id.startswith("ev_sales/IND.two_three_wheeler.BEV.2014")
    ]
    assert "260,000" in cause
    assert "1,691" in cause


@pytest.mark.parametrize("place", ["Beppu", "Shimla"])
def test_places_whose_height_is_doubtful_are_flagged(place: str) -> None:
    """Heights of the older station list are doubtful for Beppu; Shimla's neighbours lie in the plain."""
    flagged = {finding.row_id.split(".")[1] for finding in FINDINGS if finding.check == "climate_neighbours"}
    assert place in flagged


def test_every_table_says_what_it_is_about() -> None:
    for name in reference.names():
        meta = reference.read(name).meta
        assert meta.title
        assert meta.about
        assert all(column.meaning for column in meta.columns.values())


def test_every_economy_of_the_region_is_there_once() -> None:
    codes = [item.code for item in reference.economies() if item.in_region]
    assert len(codes) == len(set(codes)) == 58
    assert not reference.economy("TWN").in_region


def test_every_region_of_a_chain_is_an_economy_a_subregion_or_all() -> None:
    subregions = {item.subregion for item in reference.economies()}
    for item in reference.economies():
        code, subregion, whole = reference.region_chain(item.code)
        assert (code, whole) == (item.code, "ALL")
        assert subregion in subregions


def test_no_check_that_a_sidecar_names_is_unknown() -> None:
    named = {name for table in reference.names() for name in reference.read(table).meta.checks}
    assert named <= set(checks.SPECIFIC)
