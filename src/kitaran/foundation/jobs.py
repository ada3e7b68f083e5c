"""Work in the background of the server: one worker thread beside the pages, fed by a queue on SQLite (huey).

The job table says what there is to do and how it went; the queue only wakes the worker and is filled from the
table at each start. A job that a stop cut short is marked so, never silently run again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kitaran.foundation import job_records
from kitaran.foundation.database import connect, migrate
from kitaran.foundation.errors import Fault, KitaranError
from kitaran.foundation.job_records import Job, JobState
from kitaran.foundation.progress import Counted, Progress
from kitaran.foundation.workspace import Workspace

if TYPE_CHECKING:
    from huey import SqliteHuey
    from huey.consumer import Consumer

Work = Callable[[Mapping[str, Any], Progress], Mapping[str, Any] | None]
"""What a kind of job does: takes its payload, reports progress, returns what leads a page to the result."""

_LOG = logging.getLogger(__name__)
_REPORT_EVERY_S = 0.25
_STOP_WITHIN_S = 5.0
_INTERRUPTED = Fault("server", "The server stopped while this job ran.", "Start the job again.")


class JobCancelled(Exception):
    """Raised inside a job's work, at its next report of progress, after someone asked to cancel it."""


class _ServerStops(Exception):
    """Raised inside a job's work, at its next report of progress, when the server stops."""


class Jobs:
    """The jobs of one workspace. Reading and submitting need no worker; `start` brings one.

    kinds : what each kind of job does, by name
    """

    def __init__(self, workspace: Workspace, kinds: Mapping[str, Work]) -> None:
        self._workspace = workspace
        self._kinds = dict(kinds)
        self._stopping = threading.Event()
        self._queue: SqliteHuey | None = None
        self._consumer: Consumer | None = None
        self._enqueue: Callable[[str], Any] | None = None
        self.engine = connect(workspace.database)
        migrate(self.engine)

    def learn(self, kind: str, work: Work) -> None:
        """A further kind of job, before `start`."""
        self._kinds[kind] = work

    def submit(self, kind: str, title: str, payload: Mapping[str, Any], owner: str = "") -> Job:
        """Record a job and wake the worker; without one the job waits for the next start."""
        if kind not in self._kinds:
            raise ValueError(f"no kind of job {kind!r}; there are {', '.join(sorted(self._kinds))}")
        job = job_records.add(self.engine, kind, title, payload, owner)
        if self._enqueue is not None:
            self._enqueue(job.id)
        return job

    def get(self, job_id: str) -> Job:
        """Raises NotFoundError if there is no such job."""
        return job_records.get(self.engine, job_id)

    def newest(self, limit: int = 50, owner: str | None = None) -> list[Job]:
        return job_records.newest(self.engine, limit, owner)

    def cancel(self, job_id: str) -> Job:
        """Ask a job to stop. Raises NotFoundError if there is none."""
        return job_records.ask_to_cancel(self.engine, job_id)

    def start(self) -> None:
        """Begin to work: mark what was cut short, refill the queue, start one worker thread."""
        from huey import SqliteHuey

        self._stopping.clear()
        job_records.mark_interrupted(self.engine, _INTERRUPTED)
        self._queue = SqliteHuey("kitaran", filename=str(self._workspace.queue), results=False)
        self._queue.flush()  # unread: its content is pickled, and a workspace may come from anywhere
        self._enqueue = self._queue.task(name="work")(self._work)
        for job_id in job_records.waiting(self.engine):
            self._enqueue(job_id)
        self._consumer = _consumer(self._queue)
        self._consumer.start()

    def stop(self) -> None:
        """Stop the worker; a running job ends at its next report of progress and is marked interrupted."""
        self._stopping.set()
        if self._consumer is not None:
            self._consumer.stop()
            for _, thread in self._consumer.worker_threads:
                thread.join(_STOP_WITHIN_S)
            self._consumer.scheduler.join(_STOP_WITHIN_S)
        if self._queue is not None:
            self._queue.storage.close()
        self._consumer = self._queue = self._enqueue = None
        self.engine.dispose()

    def _work(self, job_id: str) -> None:
        if self._stopping.is_set() or not job_records.begin(self.engine, job_id):
            return
        job = self.get(job_id)
        try:
            result = self._kinds[job.kind](job.payload, _JobProgress(self, job_id))
        except BaseException as error:
            state, faults = _ending(error, job)
            job_records.end(self.engine, job_id, state, faults=faults)
        else:
            job_records.end(self.engine, job_id, JobState.DONE, result=result or {})


class _JobProgress(Counted):
    """Writes progress to the job table a few times a second, and learns there that it should stop."""

    def __init__(self, jobs: Jobs, job_id: str) -> None:
        super().__init__(self._record)
        self._jobs = jobs
        self._job_id = job_id
        self._next = 0.0

    def stage(self, name: str, total: int) -> None:
        self._next = 0.0
        super().stage(name, total)

    def _record(self, _: Counted) -> None:
        if self._jobs._stopping.is_set():
            raise _ServerStops
        if time.monotonic() < self._next and self.done < self.total:
            return
        self._next = time.monotonic() + _REPORT_EVERY_S
        job_records.report(self._jobs.engine, self._job_id, self.name, self.done, self.total)
        if self._jobs.get(self._job_id).cancel_asked:
            raise JobCancelled


def _ending(error: BaseException, job: Job) -> tuple[JobState, tuple[Fault, ...]]:
    if isinstance(error, JobCancelled):
        return JobState.CANCELLED, ()
    if isinstance(error, _ServerStops):
        return JobState.INTERRUPTED, (_INTERRUPTED,)
    if isinstance(error, KitaranError):
        return JobState.FAILED, error.faults
    _LOG.error("job %s of kind %s failed", job.id, job.kind, exc_info=error)
    cause = f"An error that was not foreseen: {type(error).__name__}: {error}."
    return JobState.FAILED, (Fault(job.title, cause, "Report it, with the server's log of this moment."),)


def _consumer(queue: SqliteHuey) -> Consumer:
    """A worker and its scheduler as threads of this process, whose signals belong to the web server."""
    from huey.consumer import Consumer

    class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
        def _set_signal_handlers(self) -> None:
            return None

    logging.getLogger("huey").setLevel(logging.WARNING)
    return QuietConsumer(queue, workers=1, worker_type="thread", periodic=False, max_delay=0.5)
