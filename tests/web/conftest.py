"""A workspace with a made-up run, and its site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.web import create_app
from tests.web.synthetic_run import write_synthetic_run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace that holds one run."""
    workspace = Workspace.make(tmp_path_factory.mktemp("made") / "kitaran-data")
    write_synthetic_run(workspace.runs / "synthetic")
    return workspace


@pytest.fixture(scope="session")
def site_app(made: Workspace) -> Iterator[FastAPI]:
    """The application over that workspace."""
    app = create_app(made)
    yield app
    app.state.jobs.engine.dispose()


@pytest.fixture
def site(site_app: FastAPI) -> TestClient:
    """A visitor without cookies; a mistake of the server comes back as its error page."""
    return TestClient(site_app, raise_server_exceptions=False)


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[TestClient]:
    """The site of a workspace in which nothing has run."""
    app = create_app(Workspace.make(tmp_path / "work"))
    yield TestClient(app, raise_server_exceptions=False)
    app.state.jobs.engine.dispose()
