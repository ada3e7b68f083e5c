"""`kitaran up` makes a demonstration with a new workspace; the person at this computer alone sees it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
import typer
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
    up_module._expect(workspace, new=False, empty=False)
    assert up_module._invented(workspace, settings(workspace)) is None
    assert not (workspace.root / place.FOLDER).exists()
    up_module._expect(workspace, new=True, empty=False)
    made = up_module._invented(workspace, settings(workspace))
    assert made is not None
    up_module._expect(workspace, new=False, empty=True)
    assert up_module._invented(workspace, settings(workspace)) == made
    place.remove(workspace)
    assert up_module._invented(workspace, settings(workspace)) is None


def test_settings_that_cannot_be_used_leave_no_folder(kitaran: Run) -> None:
    assert kitaran("up", "--samples", "5").code == 2
    assert list(Path().iterdir()) == []


def test_a_first_run_that_was_broken_off_still_gets_one_unless_it_is_declined(
    kitaran: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(*_: Any) -> None:
        raise typer.Exit(130)

    made: list[Workspace] = []
    monkeypatch.setattr(up_module, "_run_of", broken_off)
    monkeypatch.setattr(up_module, "_check", lambda *_: None)
    monkeypatch.setattr(making, "make", made.append)
    assert [kitaran("up", "--workspace", one).code for one in ("trial", "real")] == [130, 130]
    monkeypatch.setattr(up_module, "_run_of", lambda *_: None)
    for arguments in (("trial",), ("real", "--empty"), ("real",)):
        assert kitaran("up", "--check", "--workspace", *arguments).code == 0
    assert [one.root.name for one in made] == ["trial"]


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
    assert up_module._invented(workspace, settings(workspace, **given)) is None


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
