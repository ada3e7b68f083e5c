"""The packaged rows against the given files from which they were carried over."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from kitaran import reference

pytestmark = pytest.mark.shared
ROOT = Path(__file__).resolve().parents[2]
CARRY_OVER = ROOT / "tools" / "carry_over"


def given(shared: Path, *path: str) -> list[dict[str, str]]:
    with shared.joinpath(*path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables made anew from the given data."""
    folder = tmp_path_factory.mktemp("tables")
    command = [sys.executable, str(CARRY_OVER), str(shared), "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def test_the_tables_are_what_the_tool_makes_of_the_given_data(made: Path) -> None:
    packaged = reference.library().folder
    names = {path.name for path in made.iterdir()} - {"sources.csv"}
    assert len(names) >= 20
    for name in sorted(names):
        assert (made / name).read_bytes() == (packaged / name).read_bytes(), name


def test_iea_sales_equal_the_explorer_file_to_the_last_digit(shared: Path) -> None:
    wanted = {
        (
            row["iso3"],
            row["vehicle_class"].replace("2_3_", "two_three_"),
            row["powertrain"],
            int(row["year"]),
        ): float(row["sales"])
        for row in given(shared, "data", "ev_sales.csv")
        if row["edition"] == "2025" and row["category"] == "historical" and row["iso3"] and row["sales"]
        if row["powertrain"] != "FCEV"
    }
    found = {
        (row.text("economy"), row.text("vehicle_class"), row.text("powertrain"), row.year): row.value
        for row in reference.read("ev_sales").where(source="iea-gevo-2025")
    }
    assert found == wanted
    assert len(found) > 500


def test_every_dated_national_count_of_plug_in_vehicles_is_kept_or_summed(shared: Path) -> None:
    kept = [
        row
        for row in given(shared, "data", "ev_national.csv")
        if row["year"] and row["powertrain"] in ("BEV", "PHEV") and row["value"]
    ]
    text = {
        name: {
            (row.text("economy"), row.year): " ".join(
                f"{peer.value or 0:.0f} {peer['note']}"
                for peer in reference.read(name).where(economy=row.text("economy"), year=row.year)
            )
            for row in reference.read(name)
        }
        for name in ("ev_sales", "ev_stock")
    }
    lost = [
        (row["iso3"], row["year"], row["value"])
        for row in kept
        for name in ["ev_stock" if row["measure"] == "stock" else "ev_sales"]
        if not {row["value"], f"{float(row['value']):,.0f}"}
        & set(text[name][row["iso3"], int(row["year"])].replace("(", " ").replace(";", " ").split())
    ]
    assert lost == []


def test_planning_extract_and_plant_model_agree_on_the_elements_carried_over(shared: Path) -> None:
    composition = reference.read("composition").where(source="everbatt-2023")
    planned = {
        (row["chemistry"], row["item"]): float(row["value"])
        for row in given(shared, "facts", "planning", "material_intensity.csv")
        if row["source"].startswith("EverBatt")
    }
    for row in composition:
        item, chemistry = row.text("item"), row.text("chemistry")
        if (chemistry, item) in planned and row.central > 0:
            assert row.central == pytest.approx(planned[chemistry, item], rel=2e-3), row.id


def test_climate_normals_hold_every_place_of_the_given_table(shared: Path) -> None:
    wanted = {(row["iso3"], row["city"]) for row in given(shared, "data", "climate_normals.csv")}
    normals = reference.read("climate_normals")
    assert {(row.text("economy"), row.text("place")) for row in normals} == wanted
    assert len(normals) == len(wanted) * 36
