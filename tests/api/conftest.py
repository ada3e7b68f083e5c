"""What every test of the API may count on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.migrated import migrated_once


@pytest.fixture(autouse=True, scope="module")
def _migrated_once() -> Iterator[None]:
    """The migrations run once in this process, not for each workspace."""
    with migrated_once():
        yield
