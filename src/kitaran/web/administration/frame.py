"""The pages of the administration: who may open them, and the list of them beside each.

A module of the site that offers a `SECTION` stands in the list. Its page asks `frame(request, SECTION)`
for the words that `administration/frame.html` needs; without one of the section's roles that raises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fastapi import Request

from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require
from kitaran.web.entries import modules
from kitaran.web.language import gettext as _

HERE: Final = "/admin"
READ_ALL: Final = ("administrator", "authority", "auditor")
READ_PEOPLE: Final = ("administrator", "auditor")


@dataclass(frozen=True)
class Section:
    """One page of the administration. roles : who may look at it; order : place in the list"""

    path: str
    label: Callable[[], str]
    roles: tuple[str, ...] = READ_ALL
    order: int = 100


@lru_cache(maxsize=1)
def _all() -> tuple[Section, ...]:
    found = [one for one in (vars(module).get("SECTION") for module in modules()) if isinstance(one, Section)]
    return tuple(sorted(found, key=lambda section: (section.order, section.path)))


def frame(request: Request, section: Section) -> dict[str, Any]:
    """Words of the frame for who may see the section. Raises as `require` does."""
    person = require(request, *section.roles)
    crumbs = [] if section.path == HERE else [(_("Administration"), HERE)]
    if request.url.path.removesuffix(".json") != section.path:
        crumbs.append((section.label(), section.path))
    return {"sections": _for(person, section), "crumbs": crumbs}


def _for(person: Person, here: Section) -> list[dict[str, Any]]:
    return [
        {"path": one.path, "label": one.label(), "here": one == here}
        for one in _all()
        if person.roles & set(one.roles)
    ]
