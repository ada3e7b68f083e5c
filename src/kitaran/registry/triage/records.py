"""Recorded triage of one battery in JSON's own types, as the caller may see it; default deny."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from kitaran.foundation.errors import NotFoundError
from kitaran.registry.parties.repository import Operator
from kitaran.registry.parties.roles import MANAGES
from kitaran.registry.triage import counting, repository, standing
from kitaran.registry.triage.counting import Counted
from kitaran.registry.triage.repository import Dispute, Result


def of(
    connection: Connection, battery: str, caller: Operator, at: datetime, overrides: Path | None = None
) -> dict[str, Any]:
    """Results of a battery with their disputes, the oldest first.

    Its holder and owner, who answers for its passport, the receiver of an offer that stands and who reads
    everything see all of them; who recorded one sees that one, and so does who disputed it. Raises
    NotFoundError for anybody else, in the same words for no battery and after the same queries.

    overrides : own limits of the workspace, by which its own results are made again
    """
    whole = standing.may_read(connection, battery, caller, at)
    found = repository.results(connection, battery)
    if not (whole or any(_is_party(one, caller) for one in found)):
        raise NotFoundError("There is no such battery for you.", battery, "Look at the id on its label.")
    judged = [counting.counted(one, overrides) for one in found]
    shown = [one for one in judged if whole or _is_party(one.result, caller)]
    now = counting.newest(judged)
    return {
        "battery": battery,
        "current": now.result.result if now is not None and now in shown else None,
        "results": [_result(connection, one, caller) for one in shown],
        "may_dispute": standing.may_dispute(connection, battery, caller.id, at),
        "may_record": standing.may_record(connection, battery, caller.id, at),
    }


def summary(
    connection: Connection, battery: str, caller: Operator, at: datetime, overrides: Path | None = None
) -> dict[str, Any] | None:
    """The results of `of` in short, without measurements; None where there are none for the caller."""
    try:
        told = of(connection, battery, caller, at, overrides)
    except NotFoundError:
        return None
    names = ("result", "state", "reproducible", "at", "by", "supersedes", "superseded_by")
    short = [
        {
            **{name: one[name] for name in names},
            "grade": None if one["told"] is None else one["told"]["grade"],
            "safety": None if one["told"] is None else one["told"]["safety"],
            "disputes": [
                {name: doubt[name] for name in ("dispute", "by", "at", "reason", "outcome")}
                for doubt in one["disputes"]
            ],
        }
        for one in told["results"]
    ]
    return {"current": told["current"], "results": short} if short else None


def _is_party(one: Result, caller: Operator) -> bool:
    return caller.id == one.by or any(doubt.by == caller.id for doubt in one.disputes)


def _result(connection: Connection, counted: Counted, caller: Operator) -> dict[str, Any]:
    one = counted.result
    judges = bool(caller.roles & MANAGES) and not standing.is_party(connection, one, caller.id)
    names = ("instrument", "facility", "technician", "method")
    return {
        "result": one.result,
        "seq": one.seq,
        "digest": one.digest,
        "state": one.state,
        "reproducible": counted.reproducible,
        "at": one.at,
        "by": one.by,
        **{name: one.content.get(name) for name in names},
        "supersedes": one.supersedes,
        "superseded_by": one.superseded_by,
        "told": one.told,
        "measured": one.measured,
        "disputes": [_dispute(doubt, caller, judges) for doubt in one.disputes],
    }


def _dispute(one: Dispute, caller: Operator, judges: bool) -> dict[str, Any]:
    names = ("dispute", "by", "at", "reason", "outcome", "outcome_at", "outcome_by")
    return {name: getattr(one, name) for name in names} | {
        "may_withdraw": one.by == caller.id and one.outcome is None,
        "may_decide": judges and one.outcome is None,
    }
