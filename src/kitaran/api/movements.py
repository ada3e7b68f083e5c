"""The shipment procedure over HTTP: notifications, movements, their evidence, corridors.

What is said goes through `/events`: `movement.notified`, `movement.consented` and the other kinds. Nothing
here is a determination by a competent authority.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kitaran.api import registry
from kitaran.api.bodies import body
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.custody.evidence import opening
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.movement import evidence, figures, files, listing, view
from kitaran.registry.parties.repository import Operator

router = APIRouter(prefix="/api/v1", tags=["movements"])
Number = Annotated[str, Path(description="Number of the notification, movement or corridor.")]
_JSON = "application/json"


@router.get("/movements")
def list_movements(request: Request) -> dict[str, Any]:
    """Notifications and movements that the caller may see, newest first, each with whose turn it is."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return listing.listed(connection, caller, now())


@router.get("/notifications/{number}")
def look_at_notification(request: Request, number: Number) -> dict[str, Any]:
    """A notification: each authority with its answer and clock, what is left of the consents, the dossier.

    Its sides and the authorities and officers of its route see it. Anybody else gets the same answer whether
    it exists or not.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return view.of_notification(connection, number, caller, now())


@router.get("/movements/{number}")
def look_at_movement(request: Request, number: Number) -> dict[str, Any]:
    """A movement: stages, masses, border checks, clocks, dossier, and what the law says on these facts."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return view.of_movement(connection, number, caller, now())


@router.get("/movements/{number}/bundle")
def bundle_of_movement(request: Request, number: Number) -> Response:
    """The evidence of a movement in one file, which verifies without this registry.

    It holds the movement, its notification, and its batteries whose whole history the caller may read.
    """
    return Response(bundle_for(request, number, registry.caller(request)), media_type=_JSON)


def bundle_for(request: Request, number: str, caller: Operator) -> bytes:
    """The bundle of a movement for a reader, under a checkpoint signed now."""
    opened = registry.of(request)
    with reading(opened.whole().engine) as connection:
        items = evidence.items_of(connection, number, caller)
        open_row = opening(connection, items, caller)
    signer = opened.signer()
    signer.sign()
    engine = opened.whole().engine
    return make_bundle(engine, items, signer.key, evidence.discloses(engine, items), open_row)


_BUNDLE = {
    "requestBody": {
        "required": True,
        "description": "A bundle of evidence, the bytes of its file.",
        "content": {_JSON: {"schema": {"type": "object"}}},
    }
}


@router.post("/movements/evidence", openapi_extra=_BUNDLE)
async def read_evidence(request: Request) -> dict[str, Any]:
    """What a bundle says of its movement, judged without the registry. Needs no token; nothing is kept.

    Up to 20 MB, and few at once from one address: an installation that answers strangers stays quick.
    """
    registry.anyone(request, cost=registry.HEAVY)
    content = await body(request, evidence.MOST_BYTES)
    return await run_in_threadpool(evidence.read, content, now())


_FILE = {
    "requestBody": {
        "required": True,
        "description": "The file whose digest stands in a dossier.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.put("/documents/{digest}", openapi_extra=_FILE, status_code=204)
async def put_document(request: Request, digest: Annotated[str, Path(description="SHA-256.")]) -> Response:
    """Keep the file of a document that the caller has given to a dossier."""
    caller = registry.caller(request)
    opened = registry.of(request)
    with reading(opened.whole().engine) as connection:
        files.check_giver(connection, digest, caller)
    files.keep(opened.workspace, digest, await body(request, files.MOST_BYTES), caller.id)
    return Response(status_code=204)


@router.get("/documents/{digest}")
def get_document(request: Request, digest: Annotated[str, Path(description="SHA-256.")]) -> Response:
    """The file of a document, for who may see the dossier in which it stands."""
    opened, caller = registry.of(request), registry.caller(request)
    with reading(opened.whole().engine) as connection:
        givers = files.givers_for(connection, digest, caller)
    headers = {"Content-Disposition": f'attachment; filename="{digest[:16]}"'}
    content = files.read(opened.workspace, digest, givers)
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/corridors")
def list_corridors(request: Request) -> dict[str, Any]:
    """Corridors of which the caller may know."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return {"corridors": figures.listed(connection, caller, now())}


@router.get("/corridors/{number}")
def look_at_corridor(request: Request, number: Number) -> dict[str, Any]:
    """A corridor: its agreement, figures and barriers, and of its movements what it opens to the caller."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return figures.of_corridor(connection, number, caller, now())
