"""One small run that many tests read: five economies, 40 samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.planning import scenario

FEW = ("BGD", "IND", "LAO", "THA", "TWN")


@pytest.fixture(scope="session")
def plain() -> scenario.Scenario:
    return scenario.Scenario(name="few", title="A few economies", economies=FEW)


@pytest.fixture(scope="session")
def made(plain: scenario.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the run."""
    folder = tmp_path_factory.mktemp("run") / "few"
    scenario.run(plain, folder, samples=40, seed=1)
    return folder
