"""Battery passports over HTTP: each caller reads what its audiences allow, and nothing tells it of the rest.

Without a token one reads what is public. What a caller may not see is answered like what is not there, after
the same work.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from kitaran.api import access, registry
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.custody import keeping
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport import audiences, missing, ratings, recalls, repository, view
from kitaran.registry.passport.attributes import attributes, sealed_of_model
from kitaran.registry.passport.exports import exported
from kitaran.registry.passport.names import Alias, code_alias

MOST: int = 1_000
LISTS_ALL = audiences.READS_EVERYTHING | {"authority"}
Format = Literal["batterypass", "catenax"]
router = APIRouter(prefix="/api/v1/passports", tags=["passports"])


@router.get("")
def list_passports(
    request: Request,
    after: Annotated[str, Query(max_length=64, description="Id after which to read on.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    serial_number: Annotated[str | None, Query(max_length=500)] = None,
    code: Annotated[str | None, Query(max_length=500, description="A code as on the label.")] = None,
) -> dict[str, Any]:
    """Passports for which the caller answers and of what it has or owns, in the order of their ids; all of
    them for authorities and who reads everything. `next` is the `after` of the next page.
    """
    caller, at = registry.caller(request), now()
    operator = None if caller.roles & LISTS_ALL else caller.id
    held = None if operator is None else keeping.held_by(operator)
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.batteries(connection, operator, after, limit, serial_number, _alias(code), held)
        seen_by = keeping.audiences_of_each(connection, caller, found, at)
        pairs = zip(found, seen_by, strict=True)
        shown = [view.facts(connection, one, seen) for one, seen in pairs if _lists(caller, one, seen)]
    return {"passports": shown, "next": found[-1].id if len(found) == limit else None}


@router.get("/models")
def list_models(request: Request) -> dict[str, Any]:
    """Models of the caller with all that they say; every model for who reads everything."""
    caller = registry.caller(request)
    operator = None if caller.roles & audiences.READS_EVERYTHING else caller.id
    with reading(registry.of(request).whole().engine) as connection:
        models = repository.models(connection, operator)
        return {"models": [_model(connection, one) for one in models]}


@router.get("/{battery}")
def look_at_passport(request: Request, battery: str) -> dict[str, Any]:
    """What the caller may read of one passport; without a token, what is public of its model."""
    caller = asking(request)
    with reading(registry.of(request).whole().engine) as connection:
        return facts_of(connection, battery, caller)


@router.get("/{battery}/export")
def export_passport(
    request: Request,
    response: Response,
    battery: str,
    format: Annotated[Format, Query()] = "batterypass",
) -> dict[str, Any]:
    """What the caller may read, as Battery Pass 1.2 (its aspects by name) or Catena-X battery pass 6.0.0.

    The header `Kitaran-Missing` names what the published schema requires and the document does not say, since
    it is not known or not the caller's to read; without the header the document validates.
    """
    caller = asking(request)
    with reading(registry.of(request).whole().engine) as connection:
        document = exported(facts_of(connection, battery, caller), format)
    if lacking := missing.names(missing.missing(document, format)):
        response.headers["Kitaran-Missing"] = ", ".join(lacking)
    return document


@router.get("/{battery}/versions")
def versions_of_model(request: Request, battery: str) -> dict[str, Any]:
    """Every version of what is said of the battery's model, as far as the caller may read it."""
    caller = asking(request)
    with reading(registry.of(request).whole().engine) as connection:
        found, seen_by = _seen(connection, battery, caller)
        return {"versions": view.versions(connection, found, seen_by)}


def asking(request: Request) -> Operator | None:
    """Who asks; None for somebody without a token and without a session. Raises as `registry.caller` does."""
    if request.headers.get("authorization") or access.signed_in(request) is not None:
        return registry.caller(request)
    registry.anyone(request)
    return None


def facts_of(connection: Connection, battery: str, caller: Operator | None) -> dict[str, Any]:
    """What a caller may read of a battery, and which recalls concern its model. Raises NotFoundError if there
    is none for the caller.
    """
    return facts_for(connection, *_seen(connection, battery, caller))


def public_facts(connection: Connection, battery: str) -> dict[str, Any]:
    """What everyone may read of a battery. Raises NotFoundError as `facts_of` does."""
    return facts_of(connection, battery, None)


def facts_for(
    connection: Connection, found: repository.Battery, seen_by: frozenset[audiences.Audience]
) -> dict[str, Any]:
    """The same for somebody of these audiences. Whether the battery's own batch is recalled is told to who
    may read its batch.
    """
    facts = view.facts(connection, found, seen_by)
    model = None if found.model is None else repository.model(connection, found.model)
    alerts = recalls.of_battery(connection, found, model)
    batch = facts["attributes"].get("batch_number", {}).get("value")
    reads_batch = view.allowed(attributes()["batch_number"], seen_by)
    for one in alerts:
        one["concerns_this_battery"] = recalls.concerns(one, batch) if reads_batch else None
    return {**facts, "rated": ratings.rated(facts["attributes"]), "alerts": alerts}


def _seen(
    connection: Connection, battery: str, caller: Operator | None
) -> tuple[repository.Battery, frozenset[audiences.Audience]]:
    """The battery and the caller's audiences for it.

    Raises NotFoundError if there is none for the caller: the same words, and the same queries before them,
    whether it exists or not.
    """
    found = repository.battery(connection, battery)
    seen_by = keeping.audiences_of(connection, caller, found, battery, now())
    if found is None or not view.is_seen(found, seen_by):
        raise NotFoundError("There is no such passport for you.", battery, "Look at the code on the label.")
    return found, seen_by


def _lists(caller: Operator, battery: repository.Battery, seen_by: frozenset[audiences.Audience]) -> bool:
    """Whether it stands in the caller's list: a battery that was taken in and went on is another's."""
    return bool(caller.roles & LISTS_ALL or seen_by & audiences.OWN) and view.is_seen(battery, seen_by)


def _alias(code: str | None) -> Alias | None:
    """A code that cannot be read is known to nobody; that is no fault of who searches."""
    try:
        return None if code is None else code_alias(code)
    except InputError:
        return ("none", code or "")


def _model(connection: Connection, one: repository.Model) -> dict[str, Any]:
    sealed = repository.sealed_values(connection, one.seq, sealed_of_model())
    return {
        "model": one.id,
        "version": one.version,
        "operator": one.operator,
        "at": one.at,
        "attributes": one.content | sealed,
    }
