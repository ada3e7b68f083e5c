"""Work in the background, and figures that a user brings."""

from __future__ import annotations

from typing import Any

from kitaran.api.shapes.shape import Fault, OpenShape, Shape


class Job(Shape):
    """One piece of work: how far it is, and its result or faults."""

    id: str
    kind: str
    title: str
    state: str
    over: bool
    stage: str
    done: int
    total: int
    fraction: float
    faults: list[Fault]
    result: Any
    created_at: str
    started_at: str | None
    ended_at: str | None


class Waiting(Shape):
    """A workbook on which nobody has decided."""

    id: str
    filename: str


class Uploads(Shape):
    """Accepted and waiting workbooks."""

    accepted: list[OpenShape]
    waiting: list[Waiting]


class Sent(Shape):
    """A workbook was received."""

    id: str
    rows: int
    preview: str


class Preview(OpenShape):
    """A workbook beside the figures in use."""

    id: str
    filename: str
    economies: list[str]


class UploadAccepted(Shape):
    """The figures are in use; a run was asked for."""

    accepted: OpenShape
    job: Job


class UploadRemoved(Shape):
    """The figures are out of use; a run was asked for."""

    removed: OpenShape
    job: Job


class Proposal(OpenShape):
    """What is proposed as the initial stock of an economy, its effect, and what was decided."""

    id: str
    economy: str
    observed: int
    title: str
    publisher: str
    state: str
    vehicles: int
    registered: int
    classes: list[str]
    holds: list[str]
    replaced: dict[str, str]


class Proposals(Shape):
    """Proposals that the caller may see, the newest first, without counts and effect."""

    proposals: list[Proposal]


class ProposalDecided(Shape):
    """The proposal, and the run that was asked for; none where nothing changes."""

    proposal: Proposal
    job: Job | None = None
