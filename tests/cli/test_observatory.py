"""`kitaran observatory`: propose, list, accept, undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.web.test_observatory import EFFECT, REGISTER
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.errors import KitaranError
from kitaran.observatory import effect


@pytest.fixture(autouse=True)
def _known_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        effect,
        "effect_of",
        lambda upload, economy, overrides, samples=200: {**EFFECT, "figures": effect.state_of(overrides)},
    )


def say(folder: Path, *words: str) -> str:
    told = CliRunner().invoke(build(), ["observatory", *words, "--workspace", str(folder / "work")])
    if told.exception is not None:
        raise told.exception
    return told.stdout


def facts(folder: Path, *words: str) -> Any:
    return json.loads(say(folder, *words, "--json"))


def test_a_register_is_proposed_accepted_listed_and_undone(tmp_path: Path) -> None:
    file = tmp_path / "vehicles-2023.csv"
    file.write_text(REGISTER)
    made = facts(tmp_path, "propose", "THA", "--register", str(file), "--observed", "2023")
    assert made["title"] == "vehicles-2023"
    assert made["state"] == "proposed"
    assert facts(tmp_path, "accept", made["id"])["state"] == "accepted"
    assert [one["state"] for one in facts(tmp_path, "list")["proposals"]] == ["accepted"]
    assert (tmp_path / "work" / "overrides" / "observed_stock.csv").is_file()
    assert "The next run is that of before." in say(tmp_path, "undo", made["id"])
    assert not (tmp_path / "work" / "overrides" / "observed_stock.csv").exists()
    assert facts(tmp_path, "reject", made["id"])["state"] == "rejected"


def test_words_show_effect_and_stock(tmp_path: Path) -> None:
    file = tmp_path / "vehicles.csv"
    file.write_text(REGISTER)
    told = say(tmp_path, "propose", "THA", "--register", str(file))
    for words in ("300 vehicles", "retired_batteries [count]", "4 to 6", "kitaran observatory accept"):
        assert words in told


def test_a_register_with_faults_names_each_cell(tmp_path: Path) -> None:
    file = tmp_path / "vehicles.csv"
    file.write_text(REGISTER + "x,lorry,BEV,2021,1,\n")
    with pytest.raises(KitaranError) as caught:
        say(tmp_path, "propose", "THA", "--register", str(file))
    assert caught.value.exit_code == 2
    assert caught.value.faults[0].place == "register!B3"


def test_the_template_is_written(tmp_path: Path) -> None:
    out = tmp_path / "register.xlsx"
    CliRunner().invoke(build(), ["observatory", "template", "--out", str(out)])
    assert out.read_bytes().startswith(b"PK")
