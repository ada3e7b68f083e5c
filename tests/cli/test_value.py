"""`kitaran value`: the library's answer, in words and as one object."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kitaran import valuation
from kitaran.cli import build
from kitaran.foundation.errors import InputError

PACK = ["value", "battery", "--chemistry", "NMC622", "--kwh", "60", "--soh", "0.8", "--economy", "THA"]


def run(*words: str) -> str:
    result = CliRunner().invoke(build(), list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_json_holds_what_the_library_gives() -> None:
    told = json.loads(run(*PACK, "--json"))
    assert told["value_usd"] == pytest.approx(valuation.value("NMC622", 60, "THA", soh=0.8).value_usd[0])
    assert sum(told["terms_usd"].values()) == pytest.approx(told["value_usd"])


def test_the_words_name_currency_range_and_grade() -> None:
    told = run(*PACK)
    assert "THB" in told
    assert "8 times in 10 between" in told
    assert "grade D" in told


def test_a_vehicle_and_black_mass_are_valued_too() -> None:
    words = ("value", "vehicle", "--chemistry", "LFP", "--kwh", "3", "--vehicle-class", "two_wheeler")
    vehicle = json.loads(
        run(*words, "--economy", "VNM", "--age", "4", "--own", "new_vehicle_usd=1500", "--json")
    )
    assert 0 < vehicle["value_usd"] < 1500
    lot = json.loads(
        run("value", "black-mass", "--chemistry", "NMC622", "--kg", "10", "--economy", "KOR", "--json")
    )
    assert lot["usd_per_kg"] == pytest.approx(lot["value_usd"] / 10)


def test_an_entry_that_is_no_figure_is_refused() -> None:
    with pytest.raises(InputError, match="is no figure"):
        run(*PACK, "--own", "distance_km=far")
