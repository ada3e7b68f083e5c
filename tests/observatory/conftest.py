"""A workspace of one small economy, and registered batteries as the registry would give them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kitaran.foundation.workspace import Workspace
from kitaran.observatory.proposals import Proposals
from kitaran.observatory.registered import Registered
from tests.migrated import migrated_once

ECONOMY = "LAO"


@pytest.fixture(autouse=True, scope="module")
def _migrated_once() -> Iterator[None]:
    """The migrations run once in this process, not for each workspace."""
    with migrated_once():
        yield


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.make(tmp_path / "work")


@pytest.fixture
def proposals(workspace: Workspace) -> Proposals:
    """Proposals of a workspace whose registry holds nothing, forecast with few samples."""
    return Proposals(workspace.uploads, workspace.overrides, lambda economy: [], samples=10)


def with_registered(proposals: Proposals, batteries: list[Registered]) -> Proposals:
    return Proposals(proposals.uploads, proposals.overrides, lambda economy: batteries, samples=10)
