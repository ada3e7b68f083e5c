"""A whole registry in a workspace of its own, on SQLite or on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry, open_whole

STORES = ("sqlite", "postgresql")


@contextmanager
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """The registry on the store that a fixture with `params=STORES` is asked for."""
    place = Workspace.make(tmp_path / "work")
    settings = read_settings(place.settings_file)
    with ExitStack() as lent:
        if request.param == "postgresql":
            address = lent.enter_context(request.getfixturevalue("postgres").lent())
            settings = settings.model_copy(update={"database_url": address})
        made = open_whole(place, settings)
        yield made
        made.engine.dispose()
