"""Proposals of an initial stock over HTTP: make one of a register, see its effect, accept, reject, undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from kitaran.api import access, jobs, own_data, registry
from kitaran.foundation.errors import InputError
from kitaran.observatory import Proposal, Proposals, read_register, template
from kitaran.observatory.deciding import check_may_decide, may_decide
from kitaran.observatory.opening import proposals_of
from kitaran.observatory.proposal import ACCEPTED, not_found
from kitaran.observatory.standing import Standing, overruled, standings
from kitaran.reference.own_data.shelf import plain_name

MAX_BYTES: Final = 20_000_000
FORM_BYTES: Final = 64_000
MAX_WORDS: Final = 200
XLSX: Final = own_data.XLSX

router = APIRouter(prefix="/api/v1/observatory", tags=["observatory"])


@dataclass(frozen=True)
class Sent:
    """What a form said. content : of the register; empty for registered batteries alone"""

    economy: str
    content: bytes
    observed: int | None
    title: str
    publisher: str
    licence: str


def of(request: Request) -> Proposals:
    """The proposals of the workspace that is served; an invented registry moves no forecast."""
    workspace = request.app.state.workspace
    if invented(request):
        return Proposals(workspace.uploads, workspace.overrides, lambda economy: [])
    return proposals_of(workspace, lambda: registry.of(request).whole().engine)


def invented(request: Request) -> bool:
    """Whether the registry of this server is a demonstration."""
    return registry.of(request).invented


def sees_all(request: Request) -> bool:
    """Whether the reader may see what was not accepted: the person at this computer, or who has signed in."""
    return access.serving(request).alone or access.signed_in(request) is not None


def get(request: Request, proposal_id: str) -> Proposal:
    """A proposal that the reader may see. NotFoundError for any other, whether there is one or not."""
    known = of(request)
    if not sees_all(request) and proposal_id not in {one.id for one in shown(request)}:
        raise not_found(proposal_id)
    return known.get(proposal_id)


def shown(request: Request) -> list[Proposal]:
    """The proposals that the reader may see, the newest first."""
    found = of(request).all()
    return [one for one in found if sees_all(request) or one.state == "accepted"]


def decides(request: Request, proposal: Proposal) -> bool:
    """Whether the reader may decide on it: the person at this computer, or one whose role it is."""
    person = access.signed_in(request)
    return access.serving(request).alone or (
        person is not None and may_decide(person.acts_for, proposal.economy)
    )


def check_decides(request: Request, proposal_id: str) -> None:
    """Raises SignInNeededError without a session: a person decides, no program with a token; NotAllowedError
    if it is not for this person to decide; NotFoundError.
    """
    if not access.serving(request).alone:
        person = access.require(request)
        check_may_decide(person.acts_for, get(request, proposal_id).economy)


def standing(request: Request, proposal: Proposal) -> Standing:
    """For which classes runs start from it, and for which others from another; of one that is not accepted,
    for which its acceptance would change nothing.
    """
    known = of(request).all()
    if proposal.state != ACCEPTED:
        return Standing((), overruled(proposal, known))
    return standings(known)[proposal.id]


def listed(request: Request) -> dict[str, Any]:
    """The proposals that the reader may see, without cells, effect and people, each with its standing."""
    found = standings(of(request).all())
    named = {"by": "", "decided_by": ""}
    rows = [one.summary() | named | found.get(one.id, Standing()).as_dict() for one in shown(request)]
    return {"proposals": rows}


def facts(request: Request, proposal: Proposal) -> dict[str, Any]:
    """A proposal for programs; who decided is for people who have signed in."""
    told = proposal.as_dict() | standing(request, proposal).as_dict()
    return told if sees_all(request) else {k: v for k, v in told.items() if k not in ("by", "decided_by")}


def who(request: Request) -> str:
    """Name of the signed-in person; empty for the one at this computer."""
    person = access.signed_in(request)
    return "" if person is None else f"{person.name}, {person.operator.name}"


async def sent(request: Request) -> Sent:
    """The form: economy, file, observed, title, publisher, licence. InputError if it does not fit."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MAX_BYTES + FORM_BYTES:
        raise InputError(
            f"The file is larger than {MAX_BYTES / 1e6:.0f} MB, or its size was not stated.",
            "file",
            "Count the vehicles by class, powertrain and year first, or use the command.",
        )
    async with request.form(max_files=1, max_fields=8) as form:
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) and file.filename else b""
        name = plain_name(str(file.filename)) if isinstance(file, UploadFile) and content else ""
        words = {key: str(form.get(key) or "").strip()[:MAX_WORDS] for key in _WORDS}
    year = words["observed"]
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise InputError(f"{year[:20]!r} is no year.", "observed", "Write four digits, for example 2024.")
    return Sent(
        words["economy"].upper(),
        content,
        int(year) if year else None,
        words["title"] or name.rpartition(".")[0],
        words["publisher"],
        words["licence"],
    )


_WORDS: Final = ("economy", "observed", "title", "publisher", "licence")


def propose_of(request: Request, given: Sent) -> Proposal:
    """Read the register and make the proposal. UploadError lists faults by cell; nothing is kept then."""
    counted = read_register(given.content, given.economy, given.observed) if given.content else None
    return of(request).propose(
        given.economy,
        counted,
        given.observed,
        given.title,
        given.publisher,
        given.licence,
        who(request),
    )


@router.get("", summary="Proposals of an initial stock")
def list_proposals(request: Request) -> dict[str, Any]:
    """Every proposal that the reader may see, the newest first."""
    return listed(request)


@router.get("/template.xlsx", response_class=Response, summary="An empty vehicle register")
def get_template() -> Response:
    """A blank workbook with help and lists."""
    named = {"Content-Disposition": 'attachment; filename="vehicle-register.xlsx"'}
    return Response(template(), media_type=XLSX, headers=named)


@router.post("", status_code=201, summary="Propose an initial stock")
async def propose(request: Request) -> dict[str, Any]:
    """Multipart form: economy, and file, observed, title, publisher, licence where there are. 422 with every
    fault in its cell."""
    given = await sent(request)
    made = await run_in_threadpool(propose_of, request, given)
    return facts(request, made)


@router.get("/{proposal_id}", summary="A proposal and its effect")
def show(request: Request, proposal_id: str) -> dict[str, Any]:
    """Counts, effect on the forecast and stock by cohort."""
    return facts(request, get(request, proposal_id))


@router.post("/{proposal_id}/accept", summary="Start the next runs from a proposal")
def accept(request: Request, proposal_id: str) -> dict[str, Any]:
    """Puts its counts in the place of the modelled stock and asks for a new run. A person decides, in a
    session: an authority of the economy, or the administrator."""
    check_decides(request, proposal_id)
    made = of(request).accept(proposal_id, who(request))
    return {"proposal": facts(request, made), "job": jobs.as_dict(own_data.run_again(request))}


@router.post("/{proposal_id}/reject", summary="Decide not to use a proposal")
def reject(request: Request, proposal_id: str) -> dict[str, Any]:
    """Nothing changes in the forecast. For whoever may accept it."""
    check_decides(request, proposal_id)
    return {"proposal": facts(request, of(request).reject(proposal_id, who(request)))}


@router.post("/{proposal_id}/undo", summary="Take an accepted proposal out")
def undo(request: Request, proposal_id: str) -> dict[str, Any]:
    """The next run is that of before; asks for it. For whoever may accept it."""
    check_decides(request, proposal_id)
    made = of(request).undo(proposal_id, who(request))
    return {"proposal": facts(request, made), "job": jobs.as_dict(own_data.run_again(request))}
