"""A job runs once, says how far it is, and says how it ended, also when the server stops."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.job_records import Job, JobState
from kitaran.foundation.jobs import Jobs, Work
from kitaran.foundation.progress import Progress
from kitaran.foundation.workspace import Workspace

Opening = Callable[[Mapping[str, Work]], Jobs]


@pytest.fixture
def working(workspace: Workspace) -> Iterator[Opening]:
    """Jobs of the workspace with these kinds and a worker, stopped at the end."""
    opened: list[Jobs] = []

    def start(kinds: Mapping[str, Work]) -> Jobs:
        opened.append(Jobs(workspace, kinds))
        opened[-1].start()
        return opened[-1]

    yield start
    for jobs in opened:
        jobs.stop()


def ended(jobs: Jobs, job: Job, within_s: float = 10) -> Job:
    return seen(jobs, job, lambda now: now.state.over, within_s)


def seen(jobs: Jobs, job: Job, wanted: Callable[[Job], bool], within_s: float = 10) -> Job:
    deadline = time.monotonic() + within_s
    while not wanted(now := jobs.get(job.id)):
        assert time.monotonic() < deadline, now
        time.sleep(0.01)
    return now


def count(payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    progress.stage("Packs", payload["packs"])
    for _ in range(payload["packs"]):
        progress.advance()
    return {"counted": payload["packs"]}


def test_a_job_ends_with_its_result_and_its_work_done(working: Opening) -> None:
    jobs = working({"count": count})
    job = ended(jobs, jobs.submit("count", "Count packs", {"packs": 7}))
    assert (job.state, job.result, job.stage, job.done, job.total) == (
        JobState.DONE,
        {"counted": 7},
        "Packs",
        7,
        7,
    )
    assert job.fraction == 1.0
    assert job.created_at <= str(job.started_at) <= str(job.ended_at)


def test_progress_can_be_read_while_the_job_runs(working: Opening) -> None:
    go_on = threading.Event()

    def slow(_: Mapping[str, Any], progress: Progress) -> None:
        progress.stage("Samples", 200)
        progress.stage("Economies", 58)
        go_on.wait(10)

    jobs = working({"slow": slow})
    job = jobs.submit("slow", "Slow", {})
    now = seen(jobs, job, lambda now: now.stage == "Economies")
    assert (now.state, now.done, now.total) == (JobState.RUNNING, 0, 58)
    go_on.set()
    assert ended(jobs, job).state is JobState.DONE


def test_a_fault_keeps_its_cause_place_and_remedy(working: Opening) -> None:
    def fail(_: Mapping[str, Any], __: Progress) -> None:
        raise InputError("The year 1890 is before the first sale.", "mine.yaml line 4", "Give 2010 or later.")

    jobs = working({"fail": fail})
    job = ended(jobs, jobs.submit("fail", "Fail", {}))
    assert job.state is JobState.FAILED
    assert [fault.as_dict() for fault in job.faults] == [
        {
            "place": "mine.yaml line 4",
            "cause": "The year 1890 is before the first sale.",
            "remedy": "Give 2010 or later.",
        }
    ]


def test_a_mistake_in_the_work_fails_the_job_and_not_the_worker(working: Opening) -> None:
    def mistake(_: Mapping[str, Any], __: Progress) -> None:
        raise ZeroDivisionError("no packs")

    jobs = working({"mistake": mistake, "count": count})
    job = ended(jobs, jobs.submit("mistake", "Divide", {}))
    assert job.state is JobState.FAILED
    assert "no packs" in job.faults[0].cause
    assert ended(jobs, jobs.submit("count", "Count", {"packs": 1})).state is JobState.DONE


def until_stopped(_: Mapping[str, Any], progress: Progress) -> None:
    progress.stage("Forever", 10_000)
    while True:
        progress.advance()
        time.sleep(0.01)


def test_a_running_job_can_be_cancelled(working: Opening) -> None:
    jobs = working({"forever": until_stopped})
    job = jobs.submit("forever", "Forever", {})
    seen(jobs, job, lambda now: now.state is JobState.RUNNING)
    jobs.cancel(job.id)
    assert ended(jobs, job).state is JobState.CANCELLED


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(workspace: Workspace, working: Opening) -> None:
    waiting = Jobs(workspace, {"count": count})
    job = waiting.submit("count", "Count", {"packs": 1})
    assert waiting.cancel(job.id).state is JobState.CANCELLED
    jobs = working({"count": count})
    ended(jobs, jobs.submit("count", "Another", {"packs": 2}))
    assert jobs.get(job.id).started_at is None


def test_a_job_that_waited_runs_at_the_next_start(workspace: Workspace, working: Opening) -> None:
    job = Jobs(workspace, {"count": count}).submit("count", "Count", {"packs": 3})
    assert job.state is JobState.QUEUED
    assert ended(working({"count": count}), job).result == {"counted": 3}


def test_a_stop_interrupts_the_running_job_and_says_so(workspace: Workspace) -> None:
    jobs = Jobs(workspace, {"forever": until_stopped})
    jobs.start()
    job = jobs.submit("forever", "Forever", {})
    seen(jobs, job, lambda now: now.state is JobState.RUNNING)
    jobs.stop()
    assert jobs.get(job.id).state is JobState.INTERRUPTED
    assert "server stopped" in jobs.get(job.id).faults[0].cause


def test_a_job_whose_server_was_killed_is_marked_at_the_next_start(
    workspace: Workspace, working: Opening
) -> None:
    program = f"""
import os, time
from pathlib import Path
from kitaran.foundation.jobs import Jobs
from kitaran.foundation.workspace import Workspace

def die(payload, progress):
    progress.stage("Samples", 10)
    os._exit(9)

jobs = Jobs(Workspace.open(Path({str(workspace.root)!r})), {{"die": die}})
print(jobs.submit("die", "Die", {{}}).id, flush=True)
jobs.start()
time.sleep(20)
"""
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    jobs = working({})
    job = jobs.get(killed.stdout.strip())
    assert (job.state, job.stage, job.done) == (JobState.INTERRUPTED, "Samples", 0)


def test_a_foreign_queue_is_never_unpickled(workspace: Workspace, working: Opening) -> None:
    """A workspace may come from anyone; a pickle in it must not run."""
    working({}).stop()

    class Attack:
        def __reduce__(self) -> tuple[Any, ...]:
            return (open, (str(workspace.root / "attacked"), "w"))

    with sqlite3.connect(workspace.queue) as queue:
        queue.execute("INSERT INTO task (queue, data) VALUES ('kitaran', ?)", (pickle.dumps(Attack()),))
    jobs = working({"count": count})
    ended(jobs, jobs.submit("count", "Count", {"packs": 1}))
    assert not (workspace.root / "attacked").exists()


def test_the_list_shows_the_newest_first(workspace: Workspace) -> None:
    jobs = Jobs(workspace, {"count": count})
    first = jobs.submit("count", "First", {"packs": 1})
    time.sleep(0.002)
    second = jobs.submit("count", "Second", {"packs": 1})
    assert [job.id for job in jobs.newest()] == [second.id, first.id]
    assert [job.id for job in jobs.newest(limit=1)] == [second.id]


def test_an_unknown_job_is_not_found(workspace: Workspace) -> None:
    with pytest.raises(NotFoundError):
        Jobs(workspace, {}).get("nothing")
