"""What is kept of each job: its state, how far it is, how it ended. Every query on jobs stands here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from kitaran.foundation import clock
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import Fault, NotFoundError


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def over(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Job:
    """One job as a page shows it.

    stage, done, total : the stage at work and its pieces; times in UTC
    owner              : operator that asked for it; empty for the person at this computer
    """

    id: str
    kind: str
    title: str
    payload: dict[str, Any]
    state: JobState
    stage: str
    done: int
    total: int
    cancel_asked: bool
    faults: tuple[Fault, ...]
    result: dict[str, Any] | None
    created_at: str
    started_at: str | None
    ended_at: str | None
    owner: str = ""

    @property
    def fraction(self) -> float:
        """Share of the present stage that is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0


_table = sa.Table(
    "job",
    sa.MetaData(),
    sa.Column("id", sa.String, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("owner", "kind", "title", "state", "stage")),
    *(sa.Column(name, sa.JSON) for name in ("payload", "faults", "result")),
    *(sa.Column(name, sa.Integer) for name in ("done", "total")),
    sa.Column("cancel_asked", sa.Boolean),
    *(sa.Column(name, sa.String) for name in ("created_at", "started_at", "ended_at")),
)


def _job(row: Mapping[str, Any]) -> Job:
    faults = tuple(Fault(**fault) for fault in row["faults"])
    return Job(**{**row, "state": JobState(row["state"]), "faults": faults})


def add(engine: Engine, kind: str, title: str, payload: Mapping[str, Any], owner: str = "") -> Job:
    """Record a job that waits for a worker."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "owner": owner,
        "kind": kind,
        "title": title,
        "payload": dict(payload),
        "state": JobState.QUEUED,
        "faults": [],
        "created_at": clock.stamp(),
    }
    with writing(engine) as connection:
        connection.execute(_table.insert().values(values))
    return get(engine, values["id"])


def get(engine: Engine, job_id: str) -> Job:
    """Raises NotFoundError if there is no such job."""
    with reading(engine) as connection:
        row = connection.execute(_table.select().where(_table.c.id == job_id)).mappings().first()
    if row is None:
        raise not_found(job_id)
    return _job(dict(row))


def not_found(job_id: str) -> NotFoundError:
    """What is said of a job that is not there, or not for the one who asks."""
    return NotFoundError("There is no such job.", f"job {job_id[:40]}", "Look at the list of jobs.")


def newest(engine: Engine, limit: int = 50, owner: str | None = None) -> list[Job]:
    """The last jobs, newest first: of one owner, or of all."""
    whose = sa.true() if owner is None else _table.c.owner == owner
    query = _table.select().where(whose).order_by(_table.c.created_at.desc(), _table.c.id).limit(limit)
    with reading(engine) as connection:
        return [_job(dict(row)) for row in connection.execute(query).mappings()]


def begin(engine: Engine, job_id: str) -> bool:
    """Take a waiting job to work on. False if it waits no longer, so that no job runs twice."""
    return _change(engine, job_id, (JobState.QUEUED,), state=JobState.RUNNING, started_at=clock.stamp())


def report(engine: Engine, job_id: str, stage: str, done: int, total: int) -> None:
    _change(engine, job_id, (JobState.RUNNING,), stage=stage, done=done, total=total)


def end(
    engine: Engine,
    job_id: str,
    state: JobState,
    result: Mapping[str, Any] | None = None,
    faults: Sequence[Fault] = (),
) -> None:
    """Record how a running job ended."""
    _change(
        engine,
        job_id,
        (JobState.RUNNING,),
        state=state,
        result=None if result is None else dict(result),
        faults=[fault.as_dict() for fault in faults],
        ended_at=clock.stamp(),
    )


def ask_to_cancel(engine: Engine, job_id: str) -> Job:
    """A waiting job is cancelled at once, a running one at its next report; one that is over stays."""
    if not _change(engine, job_id, (JobState.QUEUED,), state=JobState.CANCELLED, ended_at=clock.stamp()):
        _change(engine, job_id, (JobState.RUNNING,), cancel_asked=True)
    return get(engine, job_id)


def mark_interrupted(engine: Engine, fault: Fault) -> int:
    """Mark every job that claims to run as interrupted; returns how many. For the only worker."""
    values = {"state": JobState.INTERRUPTED, "faults": [fault.as_dict()], "ended_at": clock.stamp()}
    with writing(engine) as connection:
        return connection.execute(
            _table.update().where(_table.c.state == JobState.RUNNING).values(values)
        ).rowcount


def waiting(engine: Engine) -> list[str]:
    """Ids of the jobs that wait, oldest first."""
    query = sa.select(_table.c.id).where(_table.c.state == JobState.QUEUED).order_by(_table.c.created_at)
    with reading(engine) as connection:
        return [str(row[0]) for row in connection.execute(query)]


def _change(engine: Engine, job_id: str, states: Sequence[JobState], **values: Any) -> bool:
    query = _table.update().where(_table.c.id == job_id, _table.c.state.in_(states)).values(**values)
    with writing(engine) as connection:
        return connection.execute(query).rowcount == 1
