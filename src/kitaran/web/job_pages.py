"""How far a piece of work is: a page that asks again by itself, with or without scripts."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kitaran.api.jobs import as_dict, find
from kitaran.foundation.jobs import Jobs
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

pages = Pages()


@pages.page("/jobs/{job}", "job.html")
def job(request: Request, job: str) -> Page:
    """One job: its state, stage and progress; its result or faults when it is over."""
    facts = as_dict(find(request, job))
    return Page(facts, {"state_words": _words(facts["state"]), "percent": _percent(facts)})


@pages.router.post("/jobs/{job}/cancel")
def cancel(request: Request, job: str) -> Response:
    """Ask a job to stop and return to its page."""
    jobs: Jobs = request.app.state.jobs
    jobs.cancel(find(request, job).id)
    return RedirectResponse(f"/jobs/{job}", status_code=303)


def _percent(facts: dict[str, Any]) -> int | None:
    return None if facts["fraction"] is None else round(100 * facts["fraction"])


def _words(state: str) -> str:
    words = {
        "queued": _("Waiting to start"),
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Failed"),
        "cancelled": _("Stopped on request"),
        "interrupted": _("Interrupted"),
    }
    return words.get(state, state)


ENTRY = Entry(pages.router, "/jobs")
