"""`/b/{id}/acts`: what a signed-in person may do with one battery now, and the form of each act."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import KitaranError, NotFoundError
from kitaran.registry.custody.amounts import spelt
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.parties import repository as parties
from kitaran.web.battery.words import custody_words
from kitaran.web.battery_acts import assign as battery_acts_assign
from kitaran.web.battery_acts import build as battery_acts_build
from kitaran.web.battery_acts import offer as battery_acts_offer
from kitaran.web.battery_acts import reading as battery_acts_reading
from kitaran.web.battery_acts import repurpose as battery_acts_repurpose
from kitaran.web.battery_acts import simple as battery_acts_simple
from kitaran.web.battery_acts import split as battery_acts_split
from kitaran.web.battery_acts import words
from kitaran.web.battery_acts.form import Form, Typed, faults_beside, typed_of
from kitaran.web.battery_acts.rules import Why, acts_of, why_not
from kitaran.web.battery_acts.subject import Subject, subject_of
from kitaran.web.entries import Entry
from kitaran.web.facility.frame import answered, hand, opened
from kitaran.web.facility.words import chemistry_words, kind_words
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

HERE: Final = "/b/{battery}/acts"
FORMS: Final[dict[str, Form]] = {
    **battery_acts_simple.FORMS,
    **battery_acts_reading.FORMS,
    **battery_acts_offer.FORMS,
    **battery_acts_assign.FORMS,
    **battery_acts_split.FORMS,
    **battery_acts_build.FORMS,
    **battery_acts_repurpose.FORMS,
}
_FORM_BUTTONS: Final = ("search", "balance", "more")
"""Buttons that only show the form again: another row, the balance, what was searched for."""
pages = Pages()


@pages.page(HERE, "battery_acts/list.html")
def acts_page(request: Request, battery: str) -> Page:
    """What this person may do with this battery now, and why not of what it might expect."""
    with reading(opened(request).engine) as connection:
        subject = subject_of(request, connection, battery)
        acts = acts_of(subject)
        names = words.group_words().values()
        groups = [(name, [one for one in acts if one["group"] == name]) for name in names]
        shown = {"groups": [(name, several) for name, several in groups if several]}
        told = {one: name for one, (name, _hint) in words.act_words().items()}
        return Page(
            {**facts_of(connection, subject), "acts": acts}, {**frame(subject), **shown, "act_names": told}
        )


@pages.page(HERE + "/{act}", "battery_acts/act.html")
def act_page(request: Request, battery: str, act: str) -> Page:
    """The form of one act; of one that cannot be done now, why not."""
    with reading(opened(request).engine) as connection:
        subject = subject_of(request, connection, battery)
        form = _form_of(act)
        typed = form.first(connection, subject, request.query_params)
        return _act_page(connection, subject, act, typed, [], 200)


@pages.router.post(HERE + "/{act}")
async def do(request: Request, battery: str, act: str) -> Response:
    """Do it, or show the form again."""
    return await run_in_threadpool(_do, request, battery, act, await typed_of(request))


def _do(request: Request, battery: str, act: str, typed: Typed) -> Response:
    faults: list[dict[str, Any]] = []
    status = 200
    with reading(opened(request).engine) as connection:
        subject = subject_of(request, connection, battery)
        form, why = _form_of(act), why_not(act, subject)
        if typed["do"] not in _FORM_BUTTONS:
            try:
                _check(why)
                return RedirectResponse(form.record(connection, subject, typed, hand(request)), 303)
            except KitaranError as error:
                faults, status = faults_beside(error, list(typed.given)), error.http_status
    with reading(opened(request).engine) as connection:
        page = _act_page(connection, subject, act, typed, faults, status)
    return answered(request, page.template, {**page.facts, "facts": page.facts}, {**page.shown}, status)


def _form_of(act: str) -> Form:
    form = FORMS.get(act)
    if form is None:
        raise NotFoundError(_("There is no such act."), act, _("Look at what can be done with it."))
    return form


def _check(why: Why | None) -> None:
    if why is not None:
        raise ConflictError(why.words or _no_act(), "", _("Look at what can be done with it now."))


def _act_page(
    connection: Connection,
    subject: Subject,
    act: str,
    typed: Typed,
    faults: list[dict[str, Any]],
    status: int,
) -> Page:
    """The form with what was typed; without the form if the act cannot be done now."""
    why, form = why_not(act, subject), FORMS[act]
    names = words.act_words()
    offered = {} if why is not None else form.shown(connection, subject, typed)
    facts = {
        **facts_of(connection, subject),
        "act": act,
        "why_not": None if why is None else why.words or _no_act(),
        "cure": None if why is None else why.cure or None,
        **offered,
    }
    shown = {
        **frame(subject),
        "title": names[act][0],
        "hint": names[act][1],
        "act_names": {one: name for one, (name, _hint) in names.items()},
        "warning": words.warning_words().get(act),
        "button": words.button_words().get(act, ""),
        "given": typed,
        "faults": faults,
        "kind_words": kind_words(),
        "chemistry_words": chemistry_words,
        "form_words": words.form_words(),
    }
    template = "battery_acts/not_now.html" if why is not None else form.template
    return Page(facts, shown, status, template)


def _no_act() -> str:
    return _("This cannot be done with it now, or not by you.")


def facts_of(connection: Connection, subject: Subject) -> dict[str, Any]:
    """The battery as it stands, for who may act on it."""
    standing, mass = subject.standing, subject.told.mass_kg
    mine = subject.holds or subject.owns or subject.manages
    names = {one.id: one.name for one in parties.operators(connection, now())}
    facts: dict[str, Any] = {
        "battery": subject.id,
        "item": subject.item,
        "has_passport": subject.battery is not None,
        "kind": subject.told.kind or subject.form,
        "chemistry": subject.told.chemistry,
        "model_name": (subject.told.label or {}).get("model_name"),
    }
    if not mine:
        return facts
    return facts | {
        "status": subject.status,
        "serial_number": subject.serial_number,
        "count": 1 if standing is None else standing.count,
        "mass_kg": _mass(subject),
        "mass_from_model": standing is None and mass is not None,
        "holder_name": None if standing is None else names.get(standing.holder),
        "owner_name": None if standing is None else names.get(standing.owner),
        "installed": _host(subject),
        "offer": None if subject.offer is None else subject.offer.id,
    }


def _host(subject: Subject) -> dict[str, Any] | None:
    if subject.host is None:
        return None
    return {name: subject.host[name] for name in ("what", "host", "since")}


def _mass(subject: Subject) -> str | None:
    mass = subject.told.mass_kg if subject.standing is None else subject.standing.mass_kg
    return None if mass is None else spelt(mass)


def frame(subject: Subject) -> dict[str, Any]:
    """Words of every page of the acts."""
    return {
        "name": subject.name,
        "end": subject.id[-6:],
        "names_a_model": bool((subject.told.label or {}).get("model_name")),
        "chemistry_name": chemistry_words(subject.told.chemistry),
        "custody_words": custody_words(),
        "crumbs": [(subject.name, f"/b/{subject.id}"), (_("What can be done"), f"/b/{subject.id}/acts")],
        "base": f"/b/{subject.id}/acts",
        "faults": [],
    }


ENTRY = Entry(pages.router, "/b", None, 92)
