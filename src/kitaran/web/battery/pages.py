"""`/b/{id}`, the page behind the QR code: what everyone should know of a battery, and more for who may."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kitaran.api import registry
from kitaran.api.passports import asking, facts_of
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import keeping
from kitaran.registry.passport import repository, view
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.triage import records
from kitaran.web.battery import more as battery_more
from kitaran.web.battery import words
from kitaran.web.battery_acts.part import part_page
from kitaran.web.battery_acts.subject import concerns
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.triage.words import sign_words
from kitaran.web.vocabulary import chemistry

HERE: Final = "/b"
FIRST: Final = ("rated_energy_kwh", "rated_capacity_ah", "nominal_voltage_v", "mass_kg")
TOLD_ABOVE: Final = frozenset(
    {"unique_identifier", "model_name", "manufacturer_name", "category", "chemistry", *FIRST}
)
FOR_SOME: Final = (
    *("readings", "taken_in", "custody", "history", "lineage", "health", "remaining_life"),
    *("state", "predecessor", "successor", "operator_name", "shipments", "worth"),
)
"""Fields that are absent for who may not read them."""
pages = Pages()


@pages.page(HERE + "/{battery}", "battery.html")
def battery_page(request: Request, battery: str) -> Page:
    """One battery, as far as the reader may know it; `place` and `duty` choose the setting of its life."""
    caller, tests, acts = asking(request), battery_more.NO_TESTS, False
    with reading(registry.of(request).whole().engine) as connection:
        try:
            facts = facts_of(connection, battery, caller)
        except NotFoundError:
            part = None if caller is None else part_page(connection, battery, caller)
            if part is None:
                raise
            return part
        if caller is not None:
            overrides = request.app.state.workspace.overrides
            facts |= battery_more.facts_of(connection, facts, caller, request.query_params, overrides)
            tests = battery_more.tests_of(connection, str(facts["id"]), caller)
            acts = concerns(request, connection, str(facts["id"]))
            recorded = records.summary(connection, str(facts["id"]), caller, now(), overrides)
            facts |= {} if recorded is None else {"triage": recorded}
    return Page(facts, _shown(facts) | battery_more.shown(facts) | {"tests": tests, "acts": acts})


@pages.router.get("/01/{gtin}/21/{serial}")
def by_digital_link(request: Request, gtin: str, serial: str) -> Response:
    """A GS1 Digital Link on a label leads to the battery's page, if the reader may know of the battery."""
    caller = asking(request)
    with reading(registry.of(request).whole().engine) as connection:
        known = repository.batteries(connection, None, limit=1, code=("gs1", f"01/{gtin}/21/{serial}"))
        found = known[0] if known else None
        seen_by = keeping.audiences_of(connection, caller, found, "" if found is None else found.id, now())
    if found is None or not view.is_seen(found, seen_by):
        raise NotFoundError("There is no such passport for you.", serial, "Look at the code on the label.")
    return RedirectResponse(f"{HERE}/{found.id}", 302)


def _shown(facts: dict[str, Any]) -> dict[str, Any]:
    told = defaultdict[str, Any](str, {n: one["value"] for n, one in facts["attributes"].items()})
    kind = words.family(told["chemistry"])
    rest = [_line(name, one) for name, one in facts["attributes"].items() if name not in TOLD_ABOVE]
    return {
        **{name: facts.get(name) for name in FOR_SOME},
        "told": told,
        "name": told["model_name"] or _("Battery without a passport"),
        "family": kind,
        "chemistry_name": told["chemistry_name"] or chemistry(told["chemistry"]),
        "category_words": words.category_words(),
        "hazards": words.hazard_words(kind),
        "never": words.never_words(kind),
        "emergency": words.emergency_words(kind),
        "figures": [_line(name, facts["attributes"][name]) for name in FIRST if name in told],
        "of_model": [one for one in rest if one["level"] == "model"],
        "of_item": [one for one in rest if one["level"] == "item"],
        "status_words": words.status_words(),
        "event_words": words.event_words(),
        "source_words": words.source_words(),
        "sign_words": sign_words(),
        "labels": {name: one.label for name, one in attributes().items()},
        "units": {name: one.unit for name, one in attributes().items()},
        "crumbs": [],
    }


def _line(name: str, one: dict[str, Any]) -> dict[str, Any]:
    """An attribute for a row of the page. kind : address, entries or text"""
    attribute, value = attributes()[name], one["value"]
    kind = {"url": "address", "list": "entries", "yes_no": "yes_no"}.get(attribute.type, "text")
    if attribute.type == "texts":
        value = ", ".join(value)
    elif attribute.type == "list":
        value = [
            [(part.label, entry[key], part.unit) for key, part in attribute.parts.items() if key in entry]
            for entry in value
        ]
    of_reading = {name: one.get(name) for name in ("error", "at", "source", "instrument")}
    return {**one, **of_reading, "name": name, "label": attribute.label, "kind": kind, "value": value}


ENTRY = Entry(pages.router, HERE, None, 90)
