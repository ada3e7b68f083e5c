"""Events of custody. Each names the batteries that it is about, under their own ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kitaran.registry.custody import claims, dividing, entering, offering, placing, repository, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.custody.late import LateActs
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import Admission, EventKind, Recorded

ACTS: Final = (*entering.ACTS, *offering.ACTS, *claims.ACTS, *dividing.ACTS, *placing.ACTS)
_LATE: Final = LateActs({act.name: act for act in ACTS})


def _authorise(act: Act) -> Admission:
    def authorise(connection: Connection, event: Event, at: datetime) -> None:
        act.check(connection, event, at)
        act.door(connection, event, at)

    return authorise


def _project(act: Act) -> Callable[[Connection, Recorded], None]:
    def project(connection: Connection, recorded: Recorded) -> None:
        act.apply(connection, recorded)
        if act.name == "custody.offered":
            _LATE.resume(connection, recorded.event.id)

    return project


KINDS: Final = (
    *(
        EventKind(
            act.name, act.schema, _authorise(act), _project(act), t.PROJECTED, moves_head=act.moves_head
        )
        for act in ACTS
    ),
    EventKind(
        repository.OFFLINE, schemas.RecordedOffline, _LATE.admit, _LATE.keep, t.PROJECTED, moves_head=False
    ),
)
