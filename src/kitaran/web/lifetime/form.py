"""The form of a battery's life: chemistries and models, cities, duties and what else can be chosen."""

from __future__ import annotations

from functools import cache
from typing import Any

from kitaran.reference import economies, read
from kitaran.web.language import gettext as _
from kitaran.web.lifetime.choice import HORIZONS, NO_SECOND, SHARES, LifeChoice, chemistries
from kitaran.web.lifetime.words import chemistry_words, coolings, duty_words

Options = list[tuple[Any, Any]]


def form(choice: LifeChoice) -> dict[str, Any]:
    """Options of every field of the form."""
    from kitaran.planning.lifetime import catalogue

    return {
        "batteries": _batteries(),
        "cities": _cities(),
        "duties": duty_options(),
        "coolings": [("", _("as usual for the duty")), *coolings().items()],
        "thresholds": _with(choice.threshold, [(str(s), f"{s} %") for s in SHARES]),
        "horizons": _with(choice.years, [(str(n), str(n)) for n in HORIZONS]),
        "models": tuple(catalogue()),
        "known": (*chemistries(), *catalogue()),
        "seconds": [(NO_SECOND, _("none")), *((code, duty_words(code)) for code in stationary())],
    }


def _with(value: str, options: Options) -> Options:
    """The options, and the value of the address if it is none of them."""
    known = [code for code, _text in options]
    return options if not value or value in known else [*options, (value, value)]


def _batteries() -> Options:
    """Chemistries with a model, those without, and every model by its cell."""
    from kitaran.planning.lifetime import catalogue, has_model

    known = chemistries()
    able = [(code, chemistry_words(code)) for code in known if has_model(code)]
    rest = [(code, chemistry_words(code)) for code in known if not has_model(code)]
    models = [(model.id, model.cell) for model in catalogue().values()]
    return [(_("Chemistry"), able), (_("Chemistry without a model"), rest), (_("One model alone"), models)]


@cache
def _cities() -> Options:
    """Every place with a climate, by economy; these are names, the same in every language."""
    from kitaran.planning.lifetime.climate import places

    names = {economy.code: economy.name for economy in economies()}
    by_name: dict[str, list[tuple[str, str]]] = {}
    for place in places():
        code, _slash, city = place.partition("/")
        by_name.setdefault(names.get(code, code), []).append((place, city))
    return sorted(by_name.items())


def duty_options() -> Options:
    """Duties on the road and at rest."""
    rows = read("duties").rows
    here = [(row.text("duty"), duty_words(row.text("duty"))) for row in rows]
    still = set(stationary())
    driven = [(code, text) for code, text in here if code not in still]
    return [(_("On the road"), driven), (_("At one place"), [(c, t) for c, t in here if c in still])]


@cache
def stationary() -> tuple[str, ...]:
    """Duties that drive nothing."""
    return tuple(row.text("duty") for row in read("duties").where(vehicle_class="stationary"))
