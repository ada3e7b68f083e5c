"""The one error type: what is wrong, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong.

    place  : file and line, table and row, field of a form, or command option
    cause  : what is wrong, in plain words, with the offending value
    remedy : what the reader can do about it
    """

    place: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.cause} {self.remedy}".strip()

    def as_dict(self) -> dict[str, str]:
        return {"place": self.place, "cause": self.cause, "remedy": self.remedy}


class KitaranError(Exception):
    """An error that a person can act on. Carries one or many faults.

    Exit code 2 on the command line, HTTP status 422 on the API unless a subclass says otherwise.
    """

    exit_code: int = 2
    http_status: int = 422
    title: str = "This cannot be done"

    def __init__(self, cause: str, place: str = "", remedy: str = "", faults: Iterable[Fault] = ()) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults) or (Fault(place, cause, remedy),)
        self.cause = cause
        self.place = place or self.faults[0].place
        self.remedy = remedy or self.faults[0].remedy
        super().__init__(cause)

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return str(self.faults[0])
        return "\n".join([self.cause, *(f"  {fault}" for fault in self.faults)])


class InputError(KitaranError):
    """What was given cannot be used: a file, a field, an option."""

    title = "The input cannot be used"


class NotFoundError(KitaranError):
    """What was asked for does not exist."""

    http_status = 404
    title = "Not found"


class WorkspaceError(KitaranError):
    """The workspace folder cannot be opened, written or understood."""

    http_status = 503
    title = "The workspace cannot be used"


class EvidenceError(KitaranError):
    """Stored or given evidence is broken."""

    exit_code = 3
    http_status = 409
    title = "The evidence is broken"
