"""Recorded triage of one battery in JSON's own types, as the caller may see it; default deny."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kitaran.foundation.errors import NotFoundError
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import MANAGES
from kitaran.registry.triage import repository, standing
from kitaran.registry.triage.repository import Dispute, Result


def of(connection: Connection, battery: str, caller: Operator, at: datetime) -> dict[str, Any]:
    """Results of a battery with their disputes, the oldest first.

    Its holder and owner, who answers for its passport, the receiver of an offer that stands and who reads
    everything see all of them; who recorded one sees that one, and so does who disputed it. Raises
    NotFoundError for anybody else, in the same words for no battery and after the same queries.
    """
    whole = standing.may_read(connection, battery, caller, at)
    found = repository.results(connection, battery)
    shown = [one for one in found if whole or _is_party(one, caller)]
    if not (shown or whole):
        raise NotFoundError("There is no such battery for you.", battery, "Look at the id on its label.")
    now = repository.current(connection, battery)
    return {
        "battery": battery,
        "current": now.result if now is not None and now in shown else None,
        "results": [_result(one, caller) for one in shown],
        "may_dispute": standing.may_dispute(connection, battery, caller.id, at),
        "may_record": standing.may_record(connection, battery, caller.id, at),
    }


def _is_party(one: Result, caller: Operator) -> bool:
    return caller.id == one.by or any(doubt.by == caller.id for doubt in one.disputes)


def _result(one: Result, caller: Operator) -> dict[str, Any]:
    names = ("instrument", "facility", "technician", "method")
    return {
        "result": one.result,
        "seq": one.seq,
        "digest": one.digest,
        "state": one.state,
        "at": one.at,
        "by": one.by,
        **{name: one.content.get(name) for name in names},
        "supersedes": one.supersedes,
        "superseded_by": one.superseded_by,
        "told": one.told,
        "measured": one.measured,
        "disputes": [_dispute(doubt, caller) for doubt in one.disputes],
    }


def _dispute(one: Dispute, caller: Operator) -> dict[str, Any]:
    names = ("dispute", "by", "at", "reason", "outcome", "outcome_at", "outcome_by")
    mine = one.by == caller.id
    return {name: getattr(one, name) for name in names} | {
        "may_withdraw": mine and one.outcome is None,
        "may_decide": bool(caller.roles & MANAGES) and not mine and one.outcome is None,
    }
