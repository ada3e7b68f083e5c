"""The description of the API (OpenAPI 3.1): who may ask each address, what it answers, and an example.

Every operation names how one shows who asks; those in `OPERATIONS` also their exact answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from kitaran.api import examples
from kitaran.api.access import SESSION
from kitaran.api.shapes import corridors, items, ledger, movements, parties, passports, work

Asks = Literal["caller", "anyone", "either", "person"]
"""Who may ask: an operator by token or session; anyone; anyone, and an operator sees more; a signed-in person
where others reach the server, and anyone on the computer itself."""
SECURITY: Final[dict[Asks, list[dict[str, list[str]]]]] = {
    "caller": [{"token": []}, {"session": []}],
    "anyone": [],
    "either": [{}, {"token": []}, {"session": []}],
    "person": [{}, {"session": []}],
}
SCHEMES: Final = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that `kitaran parties add` prints, or that is made under *your account*.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "A signed-in person; over TLS the cookie is named `__Host-"
        + SESSION
        + "`. What changes "
        "something also needs the header `X-Form-Token` with the token that stands in each form.",
    },
}
_JSON: Final = "application/json"
_AT: Final = "#/components/schemas/{model}"


@dataclass(frozen=True)
class Operation:
    """What one operation answers: a shape by status, and an example by name."""

    asks: Asks
    answers: dict[str, Any] = field(default_factory=dict)


def _told(asks: Asks, shape: Any = None, status: str = "200") -> Operation:
    return Operation(asks, {} if shape is None else {status: shape})


OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("post", "/events"): Operation("caller", {"201": ledger.Receipt, "200": ledger.Batch}),
    ("get", "/items/{item}"): _told("caller", items.ItemStanding),
    ("get", "/items/{item}/events"): _told("caller", items.ItemEvents),
    ("get", "/items/{item}/custody"): _told("caller", items.ItemCustody),
    ("get", "/items/{item}/lineage"): _told("caller", items.Lineage),
    ("get", "/items/{item}/triage"): _told("caller", items.Triage),
    ("get", "/custody/offers"): _told("caller", items.Offers),
    ("get", "/ledger/checkpoint"): _told("anyone", ledger.Checkpoint),
    ("get", "/ledger/proof/inclusion"): _told("anyone", ledger.InclusionProof),
    ("get", "/ledger/proof/consistency"): _told("anyone", ledger.ConsistencyProof),
    ("get", "/identity/parse"): _told("anyone", ledger.ParsedCode),
    ("get", "/facilities"): _told("anyone", parties.Facilities),
    ("get", "/facilities/{facility}"): _told("anyone", parties.FacilityInFull),
    ("get", "/movements"): _told("caller", movements.Movements),
    ("get", "/notifications/{number}"): _told("caller", movements.Notification),
    ("get", "/movements/{number}"): _told("caller", movements.Movement),
    ("get", "/movements/{number}/bundle"): _told("caller"),
    ("post", "/movements/evidence"): _told("anyone", movements.Read),
    ("put", "/documents/{digest}"): _told("caller"),
    ("get", "/documents/{digest}"): _told("caller"),
    ("get", "/corridors"): _told("caller", corridors.Corridors),
    ("get", "/corridors/{number}"): _told("caller", corridors.Corridor),
    ("get", "/incidents"): _told("caller", parties.Incidents),
    ("get", "/incidents/{incident}"): _told("caller", parties.IncidentInFull),
    ("get", "/alerts"): _told("anyone", parties.Alerts),
    ("get", "/alerts/{alert}"): _told("anyone", parties.Alert),
    ("get", "/alerts/{alert}/affected"): _told("caller", parties.Reach),
    ("get", "/passports"): _told("caller", passports.Passports),
    ("get", "/passports/models"): _told("caller", passports.Models),
    ("get", "/passports/{battery}"): _told("either", passports.Passport),
    ("get", "/passports/{battery}/export"): _told("either", passports.Export),
    ("get", "/passports/{battery}/versions"): _told("either", passports.Versions),
    ("get", "/jobs"): _told("either", list[work.Job]),
    ("get", "/jobs/{job_id}"): _told("either", work.Job),
    ("post", "/jobs/{job_id}/cancel"): _told("person", work.Job),
    ("get", "/own-data"): _told("anyone", work.Uploads),
    ("post", "/own-data"): _told("person", work.Sent, "201"),
    ("get", "/own-data/template.xlsx"): _told("anyone"),
    ("get", "/own-data/{upload_id}"): _told("anyone", work.Preview),
    ("delete", "/own-data/{upload_id}"): _told("person"),
    ("post", "/own-data/{upload_id}/accept"): _told("person", work.UploadAccepted),
    ("post", "/own-data/{upload_id}/remove"): _told("person", work.UploadRemoved),
    ("get", "/observatory"): _told("person", work.Proposals),
    ("post", "/observatory"): _told("person", work.Proposal, "201"),
    ("get", "/observatory/template.xlsx"): _told("anyone"),
    ("get", "/observatory/{proposal_id}"): _told("person", work.Proposal),
    ("post", "/observatory/{proposal_id}/accept"): _told("person", work.ProposalDecided),
    ("post", "/observatory/{proposal_id}/reject"): _told("person", work.ProposalDecided),
    ("post", "/observatory/{proposal_id}/undo"): _told("person", work.ProposalDecided),
}
PREFIX: Final = "/api/v1"
_FILE: Final = {"type": "string", "contentMediaType": "application/octet-stream"}
_FORM: Final = {"type": "object", "required": ["file"], "properties": {"file": _FILE}}
_OF_REGISTER: Final = {
    "type": "object",
    "required": ["economy"],
    "properties": {
        "file": _FILE,
        **{name: {"type": "string"} for name in ("economy", "observed", "title", "publisher", "licence")},
    },
}
_REGISTER: Final = {"required": True, "content": {"multipart/form-data": {"schema": _OF_REGISTER}}}
_WORKBOOK: Final = {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
UNLISTED: Final = Operation("caller")
"""What has no line of its own is for those who say who they are."""


class DescribedApp(FastAPI):
    """An application that tells of each operation who may ask and what it answers."""

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if not self.openapi_schema:
            described(super().openapi())
        found: dict[str, Any] = super().openapi()
        return found


def described(document: dict[str, Any]) -> None:
    """Add schemes, schemas, answers and examples to a document that FastAPI made."""
    schemas = _schemas()
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = SCHEMES
    parts.setdefault("schemas", {}).update(schemas)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            told = OPERATIONS.get((method, path.removeprefix(PREFIX)), UNLISTED)
            operation["security"] = SECURITY[told.asks]
            _answers(operation, told)
            _given(operation, examples.PARAMETERS)
    document["paths"][f"{PREFIX}/events"]["post"]["requestBody"] = _events()
    document["paths"][f"{PREFIX}/own-data"]["post"]["requestBody"] = _WORKBOOK
    document["paths"][f"{PREFIX}/observatory"]["post"]["requestBody"] = _REGISTER


def _answers(operation: dict[str, Any], told: Operation) -> None:
    for status, answered in sorted(told.answers.items()):
        shown = operation["responses"].setdefault(status, {"description": "Successful Response"})
        content: dict[str, Any] = {"schema": _reference(answered)}
        name = _name(answered)
        if name in examples.ANSWERS:
            content["example"] = examples.ANSWERS[name]
        shown["description"] = (_model(answered).__doc__ or "").strip()
        shown["content"] = {_JSON: content}


def _given(operation: dict[str, Any], known: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["name"] in known:
            parameter["example"] = known[parameter["name"]]


def _events() -> dict[str, Any]:
    one = [{"$ref": _AT.format(model=name)} for name in ("SignedEnvelope", "Submission")]
    many = {"type": "array", "maxItems": 1000, "items": {"anyOf": one}}
    return {
        "required": True,
        "description": "One signed envelope, `{event, disclosures}`, or a list of up to 1,000 of them.",
        "content": {_JSON: {"schema": {"anyOf": [*one, many]}, "example": examples.EVENT}},
    }


def _schemas() -> dict[str, Any]:
    named: set[type[BaseModel]] = {ledger.SignedEnvelope, ledger.Submission}
    named |= {_model(one) for told in OPERATIONS.values() for one in told.answers.values()}
    models = sorted(named, key=lambda one: one.__name__)
    _, made = models_json_schema([(one, "validation") for one in models], ref_template=_AT)
    found: dict[str, Any] = made["$defs"]
    return found


def _model(answered: Any) -> type[BaseModel]:
    """The shape, or that of each member of a list."""
    found: type[BaseModel] = answered.__args__[0] if hasattr(answered, "__args__") else answered
    return found


def _name(answered: Any) -> str:
    return _model(answered).__name__ if answered is _model(answered) else ""


def _reference(answered: Any) -> dict[str, Any]:
    one = {"$ref": _AT.format(model=_model(answered).__name__)}
    return one if answered is _model(answered) else {"type": "array", "items": one}
