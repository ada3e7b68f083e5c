"""The walls of pyproject.toml stand, and each of them falls when a wrong import is made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [
    *("cli", "web", "api", "observatory", "registry", "planning", "law", "reference", "foundation"),
    *(f"planning/{name}" for name in ("siting", "market", "lifetime", "materials", "fleet", "scenario")),
    *(f"planning/{name}" for name in ("uncertainty", "report")),
    *(f"registry/{name}" for name in ("ledger", "custody", "triage")),
]
MODULES = ["foundation/database", "foundation/jobs", "foundation/job_records"]
MODULES += ["planning/market/valuation", "planning/lifetime/remaining"]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty house of the same rooms and with the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "kitaran"
    for folder in ("", *FOLDERS):
        (package / folder).mkdir(exist_ok=True)
        (package / folder / "__init__.py").touch()
    for module in MODULES:
        (package / f"{module}.py").touch()
    return tmp_path


def broken_walls(house: Path, module: str, line: str) -> list[str]:
    (house / "kitaran" / f"{module}.py").write_text(line + "\n")
    lint = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    assert "Contracts:" in answer.stdout, answer.stdout + answer.stderr
    return [row[0] for row in answer.stdout.splitlines() if row.endswith("BROKEN")]


def test_an_empty_house_breaks_no_wall(house: Path) -> None:
    assert broken_walls(house, "law/rules", "") == []


@pytest.mark.parametrize(
    ("module", "line", "wall"),
    [
        ("reference/reader", "import kitaran.planning", "1"),
        ("planning/lifetime/duty", "from kitaran.planning import fleet", "2"),
        ("registry/ledger/log", "from kitaran.registry import custody", "3"),
        ("registry/triage/route", "from kitaran.planning import siting", "4"),
        ("registry/triage/route", "import kitaran.planning.market", "4"),
        ("planning/fleet/stock", "from kitaran.foundation import database", "5"),
    ],
)
def test_a_wrong_import_breaks_its_wall(house: Path, module: str, line: str, wall: str) -> None:
    assert wall in broken_walls(house, module, line)


def test_the_registry_may_ask_for_remaining_life_and_value(house: Path) -> None:
    lines = "from kitaran.planning.lifetime import remaining\nfrom kitaran.planning.market import valuation"
    assert broken_walls(house, "registry/triage/route", lines) == []


def test_a_folder_that_stands_in_no_floor_breaks_the_wall(house: Path) -> None:
    (house / "kitaran" / "attic").mkdir()
    assert "1" in broken_walls(house, "attic/__init__", "")
