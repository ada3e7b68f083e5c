"""The models of a maker: listed, registered by a form or a file, and every version of each."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import Fault, InputError, KitaranError, NotFoundError
from kitaran.registry.parties.accounts import Person
from kitaran.registry.passport import model_file, repository, service
from kitaran.registry.passport.attributes import attributes, sealed_of_model
from kitaran.web.access import require
from kitaran.web.battery.words import category_words
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.pages import Page, Pages
from kitaran.web.producer import model_form as form
from kitaran.web.producer.words import ISSUERS, section_words
from kitaran.web.vocabulary import chemistry

DOOR: Final = "/producer"
HERE: Final = f"{DOOR}/models"
LARGEST_FILE: Final = 500_000
SHOWN: Final = ("mass_kg", "rated_energy_kwh", "rated_capacity_ah", "nominal_voltage_v")
pages = Pages()


@pages.page(HERE, "producer/models.html")
def models_page(request: Request) -> Page:
    """The newest version of every model of the organisation."""
    person = require(request, *ISSUERS)
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.models(connection, person.operator.id)
    listed = [
        {
            "model": one.id,
            "version": one.version,
            "at": one.at,
            **{name: one.content.get(name) for name in (*form.NEEDED, *SHOWN)},
            "attributes": len(one.content),
        }
        for one in found
    ]
    words = {"category_words": category_words(), "chemistry": chemistry, "crumbs": _crumbs()}
    return Page({"models": listed}, {**words, "numbers": _number_words()})


def _number_words() -> dict[str, str]:
    """Headings of the figures in the list of models."""
    words = (_("Weight, kg"), _("Energy, kWh"), _("Capacity, Ah"), _("Voltage, V"))
    return dict(zip(SHOWN, words, strict=True))


@pages.page(f"{HERE}/new", "producer/model_form.html")
def new_page(request: Request, of: str = "") -> Page:
    """The form of a new model; with `of`, of the next version of one, filled in as it is now."""
    person = require(request, *ISSUERS)
    told = _told(request, person, of) if of else {}
    return Page({"model": of, "attributes": told}, _form(of, form.texts_of(told), [], of))


@pages.router.post(f"{HERE}/file")
async def read_file(request: Request) -> Response:
    """A model from a file, shown in the form: nothing is registered yet."""
    require(request, *ISSUERS)
    async with request.form(max_files=1, max_fields=5) as sent:
        file = sent.get("file")
        named = isinstance(file, UploadFile) and bool(file.filename)
        content = await file.read(LARGEST_FILE + 1) if isinstance(file, UploadFile) else b""
        name = str(file.filename)[-100:] if isinstance(file, UploadFile) else ""
    try:
        if not named or len(content) > LARGEST_FILE:
            raise InputError("No file was chosen, or it is too large.", "file", "Choose YAML or JSON.")
        read = await run_in_threadpool(model_file.read_text, content, name)
    except InputError as error:
        faults = [Fault("file", fault.cause, fault.remedy) for fault in error.faults]
        return _again(request, "", {}, faults, error.http_status)
    return _again(
        request, read.model, form.texts_of(read.attributes), form.wrong(read.attributes, read.model)
    )


@pages.router.post(HERE)
async def register(request: Request) -> Response:
    """Register a model, or its next version; or show what hinders it."""
    person = require(request, *ISSUERS)
    async with request.form(max_files=0, max_fields=form.MOST_FIELDS) as sent:
        given = form.given_of(sent.multi_items())
    return await run_in_threadpool(_register, request, person, given)


def _register(request: Request, person: Person, given: form.Given) -> Response:
    model, told = given.get("model", ""), form.values_of(given)
    faults = form.wrong(told, model)
    status = 422
    if not faults:
        try:
            hand = registry.of(request).whole().hand_of(person)
            service.register_model(hand, person.operator.id, model, told)
            return RedirectResponse(f"{HERE}/{model}", 303)
        except KitaranError as error:
            faults, status = [_beside(fault) for fault in error.faults], error.http_status
    return _again(request, model, given, faults, status)


def _beside(fault: Fault) -> Fault:
    """Beside the field of the form that it is about."""
    place = fault.place.removeprefix("$.payload.").removeprefix("attributes.")
    return Fault(place, fault.cause, fault.remedy)


@pages.page(f"{HERE}/{{model}}", "producer/model.html")
def model_page(request: Request, model: str) -> Page:
    """One model: what it says now and who may read it, and its versions."""
    person = require(request, *ISSUERS)
    told = _told(request, person, model)
    with reading(registry.of(request).whole().engine) as connection:
        versions = repository.versions(connection, model)
    lines = [
        {
            "name": name,
            "label": attributes()[name].label,
            "value": form.texts_of({name: value}),
            "unit": attributes()[name].unit,
            "sealed": name in sealed_of_model(),
        }
        for name, value in told.items()
    ]
    facts = {
        "model": model,
        "attributes": told,
        "versions": [{"version": one.version, "at": one.at} for one in reversed(versions)],
    }
    shown = {"crumbs": [*_crumbs(), (_("Models"), HERE)], "lines": lines, "name": told["model_name"]}
    return Page(facts, shown)


def _told(request: Request, person: Person, model: str) -> dict[str, Any]:
    """Everything that the newest version says. Raises NotFoundError for another's model as for none."""
    with reading(registry.of(request).whole().engine) as connection:
        found = repository.model(connection, model[:64])
        if found is None or found.operator != person.operator.id:
            raise NotFoundError("There is no such model of yours.", model[:64], "Look at the list.")
        sealed = repository.sealed_values(connection, found.seq, sealed_of_model())
    told = found.content | sealed
    return {name: told[name] for name in attributes() if name in told}


def _form(model: str, given: form.Given, faults: list[Fault], again: str = "") -> dict[str, Any]:
    return {
        "crumbs": [*_crumbs(), (_("Models"), HERE)],
        "given": given,
        "needed": form.needed(given, faults),
        "sections": form.sections(given, faults),
        "section_words": section_words(),
        "faults": [_shown(fault) for fault in faults],
        "model": model,
        "again": again,
        "choices_of": form.choices_of,
    }


def _shown(fault: Fault) -> dict[str, Any]:
    """A fault of `hazardous_substances[0].cas_number` stands beside `hazardous_substances.0.cas_number`."""
    field = fault.place.replace("[", ".").replace("]", "")
    known = field.partition(".")[0] in {*attributes(), "model", "file"}
    return {**fault.as_dict(), "field": field if known else "", "place": "" if known else fault.place}


def _again(
    request: Request, model: str, given: form.Given, faults: list[Fault], status: int = 200
) -> Response:
    words = {"twin": "", **_form(model, given, faults)}
    return HTMLResponse(render(request, "producer/model_form.html", words), status)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Producer"), DOOR)]


ENTRY = Entry(pages.router, HERE, label=lambda: _("Models"), order=222)
