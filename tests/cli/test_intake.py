"""`kitaran passport take-in`, as somebody at the computer of the registry uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.errors import InputError


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    def run(*words: str) -> dict[str, Any]:
        done = CliRunner().invoke(build(), [*words, "--workspace", str(tmp_path / "work"), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def test_a_pack_without_a_passport_is_taken_in_with_its_photo(ask: Any, tmp_path: Path) -> None:
    delta = ask("parties", "add", "Delta", "--role", "operator")["operator"]
    photo = tmp_path / "pack.png"
    Image.new("RGB", (40, 30), (10, 120, 40)).save(photo)
    made = ask(
        *("passport", "take-in", "pack", "--mass-kg", "11.4", "--voltage-v", "60", "--capacity-ah", "24"),
        *("--sign", "swollen", "--photo", str(photo), "--operator", delta),
    )
    told = ask("passport", "show", made["battery"])
    assert told["taken_in"]["signs"] == ["swollen"]
    kept = tmp_path / "work" / "uploads" / "photos" / f"{told['taken_in']['photo']}.jpg"
    assert kept.read_bytes()[:2] == b"\xff\xd8"
    where = ask("custody", "history", made["item"])
    assert (where["holder"], where["mass_kg"]) == (delta, "11.4")
    lot = ("passport", "take-in", "lead_acid_lot", "--mass-kg", "500", "--count", "30", "--operator", delta)
    assert ask("passport", "show", ask(*lot)["battery"])["taken_in"]["chemistry"] == "lead_acid"


def test_black_mass_is_taken_in_with_its_assay(ask: Any) -> None:
    delta = ask("parties", "add", "Delta", "--role", "recycler")["operator"]
    made = ask(
        *("passport", "take-in", "black_mass", "--mass-kg", "850", "--chemistry", "NMC622"),
        *("--known-by", "tested", "--test", "ICP-OES", "--moisture-percent", "1.2"),
        *("--assay", "Ni=21.5", "--assay", "Cu=0.9", "--operator", delta),
    )
    told = ask("passport", "show", made["battery"])["taken_in"]
    assert told["assay"] == [{"item": "Ni", "percent": "21.5"}, {"item": "Cu", "percent": "0.9"}]


@pytest.mark.parametrize("wrong", [("--assay", "Ni"), ("--photo", "nowhere.jpg"), ("--count", "3")])
def test_what_cannot_be_read_is_refused_with_its_option(ask: Any, wrong: tuple[str, str]) -> None:
    delta = ask("parties", "add", "Delta", "--role", "operator")["operator"]
    with pytest.raises(InputError):
        ask("passport", "take-in", "pack", "--mass-kg", "1", "--operator", delta, *wrong)
