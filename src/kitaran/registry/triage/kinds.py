"""Events of triage: a result, a doubt, and its end. Each names the item `battery/ID`.

A result names what it rests on: the salted digests of measurements and result in `sealed`, method and
version, digests of parameters and limits, instrument, facility and technician.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from kitaran.registry.ledger.kinds import EventKind
from kitaran.registry.passport import tables as passport
from kitaran.registry.triage import disputing, keeping, schemas, submitting
from kitaran.registry.triage import tables as t


def kinds(overrides: Path | None = None) -> tuple[EventKind, ...]:
    """The kinds that triage registers. overrides : own limits of the workspace whose log it is"""
    return (
        _kind(
            "graded",
            schemas.Graded,
            partial(submitting.grades, overrides=overrides),
            keeping.keep_result,
            tables=(*t.PROJECTED, passport.step),
            sealed=schemas.SEALED,
        ),
        _kind("disputed", schemas.Disputed, disputing.disputes, keeping.keep_dispute, tables=t.PROJECTED),
        _kind("settled", schemas.Settled, disputing.settles, keeping.keep_outcome, tables=t.PROJECTED),
    )


def _kind(name: str, schema: type, authorise: Any, project: Any, **more: Any) -> EventKind:
    return EventKind(f"triage.{name}", schema, authorise, project, moves_head=False, **more)
