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
