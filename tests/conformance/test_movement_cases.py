"""The given movement cases: facts in, expected decision out, by the command as an outside check calls it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from kitaran.cli import movement

pytestmark = pytest.mark.shared
FILES = ("movement.yaml", "movement_region.yaml")
AS_SETS = ("basel_entry", "missing")


def _folder() -> Path:
    return Path(os.environ["KITARAN_SHARED"]) / "cases"


@pytest.mark.parametrize("name", FILES)
def test_the_given_cases_are_decided_as_expected(name: str) -> None:
    path = _folder() / name
    expected = {case["id"]: case["expected"] for case in yaml.safe_load(path.read_text("utf-8"))["cases"]}
    result = CliRunner().invoke(movement.app, ["check", str(path), "--json"])
    assert result.exit_code == 0
    found = {decision["id"]: decision for decision in json.loads(result.stdout)}
    assert found.keys() == expected.keys()
    wrong = {
        case: {
            key: (found[case][key], value)
            for key, value in wanted.items()
            if not _same(key, found[case][key], value)
        }
        for case, wanted in expected.items()
    }
    assert {case: keys for case, keys in wrong.items() if keys} == {}


def _same(key: str, found: Any, wanted: Any) -> bool:
    if key in AS_SETS:
        return set(found) == set(wanted)
    if key == "questions":  # free text: compared only in being there
        return bool(found) == bool(wanted)
    return bool(found == wanted)


@pytest.mark.parametrize("name", FILES)
def test_the_same_cases_give_the_same_bytes(name: str) -> None:
    path = _folder() / name
    runs = {CliRunner().invoke(movement.app, ["check", str(path), "--json"]).stdout for _ in range(2)}
    assert len(runs) == 1
