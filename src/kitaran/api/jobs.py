"""Jobs over HTTP: list, look at, cancel; and the kinds of work that the server does in the background.

On a server that others reach, an operator sees and stops its own jobs, an administrator all of them; what is
another's is answered like what is not there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request

from kitaran.api import access, registry
from kitaran.api.runs import Request as RunRequest
from kitaran.api.runs import StoredRuns
from kitaran.foundation.job_records import Job, not_found
from kitaran.foundation.jobs import Jobs
from kitaran.foundation.progress import Progress
from kitaran.foundation.workspace import Workspace

RUN_SCENARIO = "scenario.run"

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])


def open_jobs(workspace: Workspace) -> Jobs:
    """The workspace's jobs with every kind of work that the server knows; `start` brings the worker."""
    runs = StoredRuns(workspace)

    def run_scenario(payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        request = RunRequest(**payload)
        found = runs.find(request)
        run = runs.choose(found) if found else runs.make(request, progress)
        return {"run": run.id, "href": "/plan"}

    return Jobs(workspace, {RUN_SCENARIO: run_scenario})


def install(app: FastAPI, workspace: Workspace) -> None:
    """Give an application its jobs, as `app.state.jobs`, and their routes; `lifespan` brings the worker."""
    app.state.jobs = open_jobs(workspace)
    app.include_router(router)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Work on jobs while the application is served: `FastAPI(lifespan=lifespan)`."""
    app.state.jobs.start()
    try:
        yield
    finally:
        app.state.jobs.stop()


def submit_run(jobs: Jobs, request: RunRequest, owner: str = "") -> Job:
    """Ask for a scenario run in the background."""
    payload = {"scenario": request.scenario, "samples": request.samples, "seed": request.seed}
    return jobs.submit(RUN_SCENARIO, f"Run of scenario {request.scenario}", payload, owner)


def owner_of(request: Request) -> str:
    """Whose the jobs are that this request asks for: the caller's operator; empty on this computer alone."""
    return "" if access.serving(request).alone else registry.caller(request).id


def whose(request: Request) -> str | None:
    """The operator whose jobs the caller may see; None: all of them; empty for nobody, who has none.

    Raises UnknownCallerError if a token came that is not valid.
    """
    if access.serving(request).alone:
        return None
    person = None if "authorization" in request.headers else access.signed_in(request)
    if person is None and "authorization" not in request.headers:
        return ""
    operator = registry.caller(request) if person is None else person.acts_for
    return None if "administrator" in operator.roles else operator.id


def find(request: Request, job_id: str) -> Job:
    """A job that the caller may see. NotFoundError for any other, whether there is one or not."""
    job, owner = _jobs(request).get(job_id), whose(request)
    if owner is not None and (not owner or job.owner != owner):
        raise not_found(job_id)
    return job


def as_dict(job: Job) -> dict[str, Any]:
    """A job as the API and the `.json` twin of its page give it."""
    return {
        "id": job.id,
        "kind": job.kind,
        "title": job.title,
        "state": job.state.value,
        "over": job.state.over,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "fraction": job.fraction,
        "faults": [fault.as_dict() for fault in job.faults],
        "result": job.result,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
    }


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


@router.get("")
def list_jobs(request: Request, limit: int = 50) -> list[dict[str, Any]]:
    """The last jobs of the caller, newest first; an administrator sees all."""
    owner = whose(request)
    if owner == "":
        return []
    return [as_dict(job) for job in _jobs(request).newest(max(1, min(limit, 500)), owner)]


@router.get("/{job_id}")
def show_job(request: Request, job_id: str) -> dict[str, Any]:
    """One job: its state, how far it is, and its result or faults."""
    return as_dict(find(request, job_id))


@router.post("/{job_id}/cancel")
def cancel_job(request: Request, job_id: str) -> dict[str, Any]:
    """Ask a job to stop; it does so at its next report of progress."""
    return as_dict(_jobs(request).cancel(find(request, job_id).id))
