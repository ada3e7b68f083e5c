"""`kitaran up` makes a demonstration with a new workspace; the person at this computer alone sees it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run

from kitaran.foundation.settings import Settings, read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.demonstration import making, place

up_module = importlib.import_module("kitaran.cli.up")  # the package's name `up` is the command itself


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.make(tmp_path / "kitaran-data")


def settings(workspace: Workspace, **given: Any) -> Settings:
    return read_settings(workspace.settings_file, **given)


def test_a_new_workspace_gets_one_and_an_old_one_does_not(workspace: Workspace) -> None:
    assert up_module._invented(workspace, settings(workspace), new=False) is None
    assert not (workspace.root / place.FOLDER).exists()
    made = up_module._invented(workspace, settings(workspace), new=True)
    assert made is not None
    assert up_module._invented(workspace, settings(workspace), new=False) == made


@pytest.mark.parametrize(
    "given",
    [
        {"lan": True},
        {"host": "0.0.0.0"},
        {"public_url": "https://example.org"},
        {"database_url": "postgresql://someone@db/registry"},
    ],
)
def test_a_server_for_others_or_with_a_database_elsewhere_makes_and_shows_none(
    workspace: Workspace, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "shown", lambda _: pytest.fail("it was looked for"))
    monkeypatch.setattr(making, "make", lambda _: pytest.fail("it was made"))
    assert up_module._invented(workspace, settings(workspace, **given), new=True) is None


def test_it_is_left_out_with_empty_and_made_without(kitaran: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(up_module, "_run_of", lambda *_: None)
    monkeypatch.setattr(up_module, "_check", lambda *given: seen.append(given[-1]))
    for arguments in (("--empty", "--workspace", "real"), ("--workspace", "trial"), ("--workspace", "real")):
        assert kitaran("up", "--check", *arguments).code == 0
    assert [one is not None for one in seen] == [False, True, False]
    assert not Path("real", place.FOLDER).exists()


def test_the_commands_make_one_and_take_it_away(kitaran: Run, workspace: Workspace) -> None:
    made = kitaran("demonstration", "make", "--json")
    assert json.loads(made.out) == {"workspace": str(workspace.root / place.FOLDER), "people": 7}
    assert kitaran("demonstration", "make").code == 2
    assert json.loads(kitaran("demonstration", "remove", "--json").out)["removed"] is True
    assert kitaran("demonstration", "remove").code == 2
