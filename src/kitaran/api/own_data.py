"""Own figures over HTTP: send a workbook, see it beside the figures in use, accept it, take it out again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from kitaran.api import jobs
from kitaran.api.own_effect import Effect, effect_of, most_changed
from kitaran.api.runs import Request as RunRequest
from kitaran.foundation.errors import InputError
from kitaran.foundation.job_records import Job
from kitaran.foundation.workspace import Workspace
from kitaran.reference import library, own_data
from kitaran.reference.own_data import Accepted, Compared, Upload, shelf

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM_BYTES = 64_000
ECONOMIES_AT_ONCE = 3
OBSERVED = "observed_stock"

router = APIRouter(prefix="/api/v1/own-data", tags=["own data"])


@dataclass(frozen=True)
class Preview:
    """What a reader sees before accepting.

    accepted : the record if the upload is in use already; then the packaged figures stand beside it
    left_out : affected economies for which no effect was worked out, because there are many
    """

    upload: Upload
    rows: tuple[Compared, ...]
    effects: tuple[Effect, ...]
    left_out: tuple[str, ...]
    accepted: Accepted | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.upload.id,
            "filename": self.upload.filename,
            "source": dict(self.upload.source),
            "accepted_at": self.accepted.accepted_at if self.accepted else None,
            "unread_sheets": list(self.upload.unread),
            "economies": list(self.upload.economies),
            "rows": [row.as_dict() for row in self.rows],
            "effect": [effect.as_dict() for effect in self.effects],
            "effect_not_worked_out_for": list(self.left_out),
        }


@dataclass(frozen=True)
class OwnData:
    """The own figures of one workspace."""

    workspace: Workspace

    @property
    def in_use(self) -> tuple[Accepted, ...]:
        """Accepted workbooks; a vehicle register is decided on in the observatory."""
        found = own_data.accepted(self.workspace.overrides)
        return tuple(item for item in found if OBSERVED not in item.rows)

    @property
    def waiting(self) -> tuple[tuple[str, str], ...]:
        """Id and file name of workbooks that were sent and not decided on."""
        return shelf.waiting(self.workspace.uploads, self._ids)

    def receive(self, content: bytes, filename: str) -> Upload:
        """Read a workbook and keep it for a decision. UploadError lists its faults; then nothing is kept."""
        upload = own_data.read_upload(content, shelf.plain_name(filename))
        shelf.keep(self.workspace.uploads, content, filename, self._ids)
        return upload

    def read(self, upload_id: str) -> Upload:
        """A workbook that was received. NotFoundError if it is not there."""
        content, filename = shelf.fetch(self.workspace.uploads, upload_id)
        return own_data.read_upload(content, filename)

    def preview(self, upload_id: str, economies: Iterable[str] = ()) -> Preview:
        """Its rows beside the figures in use, and what they do to the forecast of the named economies.

        Without names: of those with the largest changes, three at most.
        """
        upload = self.read(upload_id)
        accepted = next((item for item in self.in_use if item.id == upload_id), None)
        rows = own_data.compare(upload, library() if accepted else library(self.workspace.overrides))
        moved = most_changed(rows)
        asked = [code for code in economies if code in moved] or moved[:ECONOMIES_AT_ONCE]
        effects = (
            ()
            if accepted
            else tuple(each for code in asked for each in effect_of(upload, code, self.workspace.overrides))
        )
        left = () if accepted else tuple(code for code in moved if code not in asked)
        return Preview(upload, rows, effects, left, accepted)

    def accept(self, upload_id: str) -> Accepted:
        """Use the figures from now on."""
        return own_data.accept(self.workspace.overrides, self.read(upload_id))

    def remove(self, upload_id: str) -> Accepted:
        """Take accepted figures out again; the workbook goes back to those that wait."""
        return own_data.remove(self.workspace.overrides, upload_id)

    def discard(self, upload_id: str) -> None:
        """Forget a workbook that is not in use."""
        if upload_id in self._ids:
            raise InputError(
                "This workbook is in use.",
                f"upload {upload_id}",
                "Take its figures out before you delete it.",
            )
        shelf.discard(self.workspace.uploads, upload_id)

    @property
    def _ids(self) -> set[str]:
        return {item.id for item in self.in_use}


@lru_cache(maxsize=1)
def template() -> bytes:
    """The blank workbook; made once."""
    return own_data.template()


def template_answer() -> Response:
    """The blank workbook as a download."""
    named = {"Content-Disposition": 'attachment; filename="kitaran-own-data.xlsx"'}
    return Response(template(), media_type=XLSX, headers=named)


def of(request: Request) -> OwnData:
    """The own figures of the workspace that is served."""
    return OwnData(request.app.state.workspace)


async def sent_file(request: Request) -> tuple[bytes, str]:
    """Content and name of the file in the form field `file`. InputError if it is missing or too large."""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise InputError("The size of the file was not stated.", "file", "Send it with a Content-Length.")
    if int(length) > own_data.MAX_BYTES + FORM_BYTES:
        raise InputError(
            f"The file has {int(length) / 1e6:.1f} MB; the limit is {own_data.MAX_BYTES / 1e6:.0f} MB.",
            "file",
            "Keep only the sheets of the template, or send the years in several files.",
        )
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise InputError("No file was chosen.", "file", "Choose the filled template, then send it.")
        return await file.read(), file.filename


def run_again(request: Request) -> Job:
    """Ask for a new run, because the overrides have changed."""
    return jobs.submit_run(request.app.state.jobs, RunRequest(), jobs.owner_of(request))


@router.get("", summary="Accepted and waiting workbooks")
def list_uploads(request: Request) -> dict[str, Any]:
    """Accepted workbooks in order of acceptance, and those that wait for a decision."""
    return overview(of(request))


def overview(own: OwnData) -> dict[str, Any]:
    return {
        "accepted": [item.summary() for item in own.in_use],
        "waiting": [{"id": given, "filename": name} for given, name in own.waiting],
    }


@router.get("/template.xlsx", response_class=Response, summary="The workbook to fill in")
def get_template() -> Response:
    """A blank workbook with help, lists and an example that is ignored."""
    return template_answer()


@router.post("", status_code=201, summary="Send a filled workbook")
async def send(request: Request) -> dict[str, Any]:
    """Multipart form with the field `file`. 422 with every fault in its cell; 201 with its id else."""
    content, filename = await sent_file(request)
    upload = await run_in_threadpool(of(request).receive, content, filename)
    return {"id": upload.id, "rows": len(upload.rows), "preview": f"/api/v1/own-data/{upload.id}"}


@router.get("/{upload_id}", summary="A workbook beside the figures in use")
def show(request: Request, upload_id: str, economy: str = "") -> dict[str, Any]:
    """Each figure beside the one in use, and the effect on the forecast."""
    return of(request).preview(upload_id, [economy] if economy else ()).as_dict()


@router.post("/{upload_id}/accept", summary="Use the figures from now on")
def accept(request: Request, upload_id: str) -> dict[str, Any]:
    """Lays the figures over the packaged ones and asks for a new run."""
    accepted = of(request).accept(upload_id)
    return {"accepted": accepted.summary(), "job": jobs.as_dict(run_again(request))}


@router.post("/{upload_id}/remove", summary="Take accepted figures out again")
def remove(request: Request, upload_id: str) -> dict[str, Any]:
    """The figures that it replaced come back; asks for a new run."""
    removed = of(request).remove(upload_id)
    return {"removed": removed.summary(), "job": jobs.as_dict(run_again(request))}


@router.delete("/{upload_id}", status_code=204, response_class=Response, summary="Forget a waiting workbook")
def delete(request: Request, upload_id: str) -> Response:
    """Only a workbook that is not in use can be deleted."""
    of(request).discard(upload_id)
    return Response(status_code=204)
