"""The link with which the first administrator sets a password, as `kitaran up` tells it."""

from __future__ import annotations

import sys

from kitaran.foundation.settings import Settings
from kitaran.foundation.workspace import Workspace


def first_link(workspace: Workspace, settings: Settings, url: str) -> str | None:
    """A new link, earlier ones end; None once there is an administrator who can sign in.

    Raises WorkspaceError if the registry's database cannot be opened.
    """
    from kitaran.foundation.database import writing
    from kitaran.registry.parties import accounts, one_time_links
    from kitaran.registry.store import open_registry

    engine = open_registry(workspace, settings)
    try:
        with writing(engine) as connection:
            if accounts.any_administrator(connection):
                return None
            return one_time_links.address(url, one_time_links.make(connection, "first"))
    finally:
        engine.dispose()


def words(link: str | None) -> str:
    """What to tell beside the address. Where words go to a log and not to a terminal, no link is told."""
    if link is None:
        return ""
    if sys.stdout.isatty():
        return f"\nFor the registry, set up its first administrator, once and within a day:\n{link}\n"
    return "\nFor the registry, make its first administrator: kitaran parties person link --first\n"
