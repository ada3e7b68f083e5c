"""The law book by which a registry decides: the packaged tables with the own facts of its workspace.

Events that hang on the law name its versions. Tables of own facts that were decided by are kept under their
digest, in `law/kept/` of the workspace's overrides: what was decided then can be decided again.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine

from kitaran.foundation.disk import write_whole
from kitaran.foundation.errors import InputError
from kitaran.law import Book, packaged_book
from kitaran.reference.overrides import fingerprint
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError

DECIDED_BY: Final = frozenset({"movement.notified", "movement.announced", "movement.started"})
"""Kinds of event that are recorded or refused by what the law says."""
LAW: Final = "law"
_KEPT: Final = "kept"
_OPTION: Final = "kitaran_law"
_DIGITS: Final = 12
"""Of the digest of a table, as versions of facts name it."""


def decide_by(engine: Engine, overrides: Path) -> None:
    """From now on what is decided on this database is decided with the own facts under these overrides."""
    engine.update_execution_options(**{_OPTION: str(overrides / LAW)})


def book(connection: Connection) -> Book:
    """The book of the registry to which the connection leads. Raises InputError on a wrong row."""
    return _at(connection.get_execution_options().get(_OPTION))


def read_by(engine: Engine) -> dict[str, str]:
    """Versions of the book as an event names them; its tables of own facts are kept."""
    folder: str | None = engine.get_execution_options().get(_OPTION)
    if folder is not None:
        _keep(Path(folder))
    return _versions(_at(folder))


def _keep(folder: Path) -> None:
    for path in sorted(folder.glob("*.csv")):
        content = path.read_bytes()
        kept = folder / _KEPT / f"{sha256(content).hexdigest()[:_DIGITS]}.csv"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            write_whole(kept, content)


def check(connection: Connection, event: Event) -> None:
    """Raises ConflictError if the event names another book than that by which it is decided now."""
    named = event.payload.get("law")
    now = _versions(book(connection))
    if named is not None and named != now:
        raise ConflictError(
            f"The law book is another by now: rules {now['rules']}, facts {now['facts']}.",
            "$.payload.law",
            "Look at what it says of this, and decide again.",
        )


def book_of(overrides: Path, law: dict[str, Any]) -> Book:
    """The book of the versions that an event names, made again from the tables that are kept.

    Raises InputError if it was made by another version of the package, or a table is missing.
    """
    packaged, *own = str(law["facts"]).split("+own.")
    found = packaged_book()
    if (law["rules"], packaged) != (found.rules_version, found.facts_version):
        raise InputError(
            "It was decided by the law book of another version of Kitaran.",
            f"rules {law['rules']}, facts {packaged}",
            "Install the version that holds these tables.",
        )
    for digest in own:
        path = overrides / LAW / _KEPT / f"{digest}.csv"
        if not path.is_file():
            raise InputError(
                "A table of own facts is not here any more.", str(path), "Restore it from a backup."
            )
        found = found.with_own_facts(path)
    return found


def _at(folder: str | None) -> Book:
    return packaged_book() if folder is None else _book(folder, fingerprint(Path(folder)))


@lru_cache(maxsize=8)
def _book(folder: str, _files: tuple[tuple[str, int, int], ...]) -> Book:
    found = packaged_book()
    for path in sorted(Path(folder).glob("*.csv")):
        found = found.with_own_facts(path)
    return found


def _versions(found: Book) -> dict[str, str]:
    return {"rules": found.rules_version, "facts": found.facts_version}
