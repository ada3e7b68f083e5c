"""A workspace with a made-up run, and its site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.registry.parties import passwords
from kitaran.web import create_app
from tests.migrated import migrated_once
from tests.web.synthetic_run import write_synthetic_run

FULL = passwords.hasher
LIGHT = PasswordHasher(time_cost=1, memory_cost=256, parallelism=1)


@pytest.fixture(autouse=True, scope="module")
def _migrated_once() -> Iterator[None]:
    """The migrations run once in this process, not for each workspace."""
    with migrated_once():
        yield


@pytest.fixture(autouse=True)
def _light_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is hashed in a millisecond, where a test does not ask for `full_passwords`."""
    monkeypatch.setattr(passwords, "hasher", lambda: LIGHT)


@pytest.fixture
def full_passwords(_light_passwords: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes as they are in use, that of nobody's password too."""
    monkeypatch.setattr(passwords, "hasher", FULL)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


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
