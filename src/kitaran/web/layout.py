"""Templates, and what every page has: language, theme, menu, version, static files with their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from kitaran import __version__
from kitaran.api import form_tokens
from kitaran.api.access import serving, signed_in
from kitaran.foundation.errors import KitaranError
from kitaran.reference import economies
from kitaran.registry.parties.accounts import Person
from kitaran.web import figures, language
from kitaran.web.choices import place_name
from kitaran.web.entries import Entry, entries
from kitaran.web.form_fields import FormTokenField, form_token_field, with_token
from kitaran.web.grades import grade_words, result_words

HERE = Path(__file__).parent
STATIC = HERE / "static"
THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


@lru_cache(maxsize=64)
def static(name: str) -> str:
    """Address of a static file. It carries the file's fingerprint, so that a browser may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


class Known(StrictUndefined):
    """An unknown name is an error; whether a mapping has a key may be asked."""

    def __bool__(self) -> bool:  # type: ignore[override]
        if not isinstance(self._undefined_obj, Mapping):
            self._fail_with_undefined_error()
        return False


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The template environment. An unknown name in a template is an error, never an empty space."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=Known,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", FormTokenField],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True
    )
    environment.globals.update(
        version=__version__,
        static=static,
        grade_words=grade_words,
        result_words=result_words,
        languages=language.languages(),
        form_token_field=form_token_field,
        economies=economies,
    )
    environment.filters.update(figure=figures.figure, whole=figures.whole, place_name=place_name)
    return environment


def theme_of(request: Request) -> str:
    """The colours that this reader chose: auto, light or dark."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def menu(path: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Doors of the house, and the rooms behind the door that stands open; none where a door has one room.

    A labelled entry whose address lies behind another's is a room of it. A page stands in the most particular
    room that holds it; a room without a label may name the door through which one came.
    """
    labelled = [entry for entry in entries() if entry.label]
    doors = [entry for entry in labelled if not any(_behind(entry, other) for other in labelled)]
    here = _most_particular(labelled, path)
    if here is None and (unlabelled := _most_particular(entries(), path)):
        here = _most_particular(doors, unlabelled.door)
    open_door = next((door for door in doors if here and (door is here or _behind(here, door))), None)
    rooms = [room for room in labelled if open_door and (room is open_door or _behind(room, open_door))]
    return (
        [_shown(door, door is open_door) for door in doors],
        [_shown(room, room is here) for room in rooms] if len(rooms) > 1 else [],
    )


def _most_particular(among: Iterable[Entry], path: str) -> Entry | None:
    return max((one for one in among if one.holds(path)), key=lambda one: len(one.path), default=None)


def _behind(entry: Entry, door: Entry) -> bool:
    return entry is not door and door.holds(entry.path)


def _shown(entry: Entry, here: bool) -> dict[str, Any]:
    return {"path": entry.path, "label": entry.label() if entry.label else "", "here": here}


def render(request: Request, template: str, words: Mapping[str, Any]) -> str:
    """The HTML of a page. `words`: the names that the template uses; `crumbs` and `twin` may lack."""
    path = request.url.path
    doors, rooms = menu(path)
    common = {
        "language": language.current(),
        "theme": theme_of(request),
        "doors": doors,
        "rooms": rooms,
        "path": path,
        "here": path + (f"?{request.url.query}" if request.url.query else ""),
        "crumbs": [],
        "twin": None,
        "person": _person(request),
        "invented": serving(request).invented is not None,
    }
    with with_token(form_tokens.token_for(request)):
        return templates().get_template(template).render(common | dict(words))


def _person(request: Request) -> Person | None:
    """Who has signed in; nobody while the registry cannot be opened, or no page could say that."""
    try:
        return signed_in(request)
    except KitaranError:
        return None
