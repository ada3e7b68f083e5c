"""The proposals of a workspace, with its registry behind them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from kitaran.foundation.database import reading
from kitaran.foundation.workspace import Workspace
from kitaran.observatory.proposals import Proposals
from kitaran.observatory.registered import Registered, in_vehicles


def proposals_of(workspace: Workspace, engine: Callable[[], Engine]) -> Proposals:
    """engine : opens the registry of the workspace, when a proposal asks it"""

    def batteries(economy: str) -> list[Registered]:
        with reading(engine()) as connection:
            return in_vehicles(connection, economy)

    return Proposals(workspace.uploads, workspace.overrides, batteries)
