"""Issuing passports from a file that a signed-in person sends: checked, seen, accepted; large ones as jobs.

A job's page can be seen by anyone who can see jobs: its title and its progress tell neither who sends nor how
many batteries there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request

from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError
from kitaran.foundation.job_records import Job
from kitaran.foundation.jobs import Jobs
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.foundation.workspace import Workspace
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.parties import accounts
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository, sent_files
from kitaran.registry.passport.checking import checked_file, told
from kitaran.registry.passport.importing import import_rows
from kitaran.registry.passport.kinds import ISSUERS
from kitaran.registry.passport.sent_files import SentFile

HERE: Final = "/producer/issue"
CHECK: Final = "passports.check"
ISSUE: Final = "passports.issue"
AT_ONCE_BYTES: Final = 300_000
"""A larger file becomes a job: about 5,000 rows of CSV."""
_SMALLER: Final = {".xlsx": 4}
"""How many times smaller than CSV a packed form is."""


class Issuing:
    """The sent files of a workspace, and the registry into which they go."""

    def __init__(self, app: FastAPI, workspace: Workspace) -> None:
        self._app = app
        self.folder: Path = workspace.uploads / "passports"

    @property
    def _jobs(self) -> Jobs:
        jobs: Jobs = self._app.state.jobs
        return jobs

    def take(self, kept: SentFile) -> Job | None:
        """Check a file that was just kept, now or, if it is large, in a job."""
        if is_small(kept):
            self.check(kept)
            return None
        payload = {"file": kept.id, "operator": kept.operator}
        return self._jobs.submit(CHECK, "Check of a file", payload, kept.operator)

    def check(self, kept: SentFile, progress: Progress = NO_PROGRESS) -> SentFile:
        """Check it and write down what was found. A file that cannot be read is forgotten: InputError."""
        try:
            found = checked_file(self._hand(kept), kept.path, kept.operator, progress)
        except InputError:
            sent_files.discard(kept)
            raise
        return sent_files.remember(kept, checked=found)

    def accept(self, kept: SentFile, person: Person) -> Job | int:
        """Issue its passports: the place of the issue in the log, or the job that will do it.

        Raises ConflictError if it was accepted before, InputError if it can no longer be issued.
        """
        if not sent_files.claim(kept):
            raise ConflictError("This file was accepted already.", kept.name, "Look at what was issued.")
        kept = sent_files.remember(kept, account=person.id, session=person.session or "", issuing=True)
        if is_small(kept):
            return self.issue(kept)
        payload = {"file": kept.id, "operator": kept.operator}
        return self._jobs.submit(ISSUE, "Passports from a file", payload, kept.operator)

    def issue(self, kept: SentFile, progress: Progress = NO_PROGRESS) -> int:
        """Issue all passports of the file or none; the place of the issue in the log."""
        try:
            hand = self._hand(kept)
            batch, errors = import_rows(hand, lambda: told(kept.path, "Issuing", progress), kept.operator)
            if batch is None:
                self.check(kept)
                first = errors[0]
                cause = f"Meanwhile {len(errors)} cells became wrong: {first.message}"
                raise InputError(cause, f"row {first.row}, {first.column}", "Look at the file again.")
        except BaseException:
            sent_files.remember(sent_files.find(self.folder, kept.id, kept.operator), issuing=False)
            sent_files.release(kept)
            raise
        with reading(hand.ledger.engine) as connection:
            first_one = repository.battery(connection, batch.batteries[0])
        sent_files.discard(kept)
        return 0 if first_one is None else first_one.seq

    def install(self) -> None:
        """Let the worker know how to do it."""
        self._jobs.learn(CHECK, self._check_job)
        self._jobs.learn(ISSUE, self._issue_job)

    def _check_job(self, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        kept = sent_files.find(self.folder, payload["file"], payload["operator"])
        self.check(kept, progress)
        return {"href": f"{HERE}/{kept.id}"}

    def _issue_job(self, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        kept = sent_files.find(self.folder, payload["file"], payload["operator"])
        return {"href": f"/producer/issued/{self.issue(kept, progress)}"}

    def _hand(self, kept: SentFile) -> Hand:
        """The hand of who accepted, if that person may still issue. Raises NotAllowedError."""
        opened = self._app.state.registry.whole()
        with reading(opened.engine) as connection:
            person = accounts.get(connection, kept.account)
        if person.operator.id != kept.operator or not person.roles & ISSUERS:
            raise NotAllowedError("Your account issues no passports.", "role", "Ask the administrator.")
        hand: Hand = opened.hand_of(replace(person, session=kept.session))
        return hand


def is_small(kept: SentFile) -> bool:
    """Whether the file is checked and issued while its sender waits."""
    return kept.size * _SMALLER.get(kept.path.suffix, 1) <= AT_ONCE_BYTES


def install(app: FastAPI, workspace: Workspace) -> None:
    """Give an application its issuing (`app.state.issuing`); it has its jobs already."""
    app.state.issuing = Issuing(app, workspace)
    app.state.issuing.install()


def of(request: Request) -> Issuing:
    """The issuing of the server that answers this request."""
    found: Issuing = request.app.state.issuing
    return found


def no_file() -> InputError:
    """The answer to a form without a file."""
    fault = Fault("file", "No file was chosen.", "Choose the filled table, then send it.")
    return InputError("No file was chosen.", faults=[fault])
