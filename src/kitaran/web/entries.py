"""Doors of the site: a module here that offers an `ENTRY` has its pages served and its place in the menu."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from fastapi import APIRouter

from kitaran.foundation.workspace import Workspace


def no_paths(_: Workspace) -> Iterable[str]:
    """For an entry whose pages cannot be named beforehand."""
    return ()


@dataclass(frozen=True)
class Entry:
    """One door.

    router : the pages and whatever they load
    path   : where the door opens
    label  : its words in the menu, in the reader's language; None keeps it out of the menu
    order  : place in the menu, smallest first
    paths  : every page of this door in a workspace, for `kitaran up --check`
    door   : address of the door that stands open in the menu while one is in a room without a label
    """

    router: APIRouter
    path: str
    label: Callable[[], str] | None = None
    order: int = 100
    paths: Callable[[Workspace], Iterable[str]] = no_paths
    door: str = ""

    def holds(self, path: str) -> bool:
        """Whether a page stands behind this door."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """Every module of the site and of the folders of its rooms, by name."""
    package = importlib.import_module("kitaran.web")
    names = sorted(one.name for one in pkgutil.walk_packages(package.__path__, "kitaran.web."))
    return tuple(importlib.import_module(name) for name in names)


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """All doors in the order of the menu."""
    found = [one for one in (vars(module).get("ENTRY") for module in modules()) if isinstance(one, Entry)]
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.path)))
