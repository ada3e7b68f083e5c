"""Everything of the API that a server answers besides jobs, and its end when the server stops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from kitaran.api import (
    alerts,
    custody,
    events,
    facilities,
    identity,
    incidents,
    issuing,
    items,
    jobs,
    ledger,
    movements,
    passports,
    triage,
)
from kitaran.api.registry import OpenedRegistry
from kitaran.foundation.workspace import Workspace


def install(app: FastAPI, workspace: Workspace) -> None:
    """Give an application its jobs and its registry (`app.state.jobs`, `.registry`) and their routes."""
    jobs.install(app, workspace)
    invented = app.state.serving.invented
    app.state.registry = OpenedRegistry(
        invented.workspace if invented else workspace, invented=bool(invented)
    )
    issuing.install(app, app.state.registry.workspace)
    for room in (
        custody,
        triage,
        events,
        items,
        ledger,
        identity,
        facilities,
        incidents,
        alerts,
        passports,
        movements,
    ):
        app.include_router(room.router)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Work on jobs while the application is served; sign what is left of the log when it stops."""
    async with jobs.lifespan(app):
        try:
            yield
        finally:
            app.state.registry.close()
