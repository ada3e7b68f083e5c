"""What a reader asked about a battery's life, from the address; what is wrong stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kitaran.foundation.errors import Fault, KitaranError
from kitaran.web.form_faults import Wrong
from kitaran.web.language import gettext as _

if TYPE_CHECKING:
    from kitaran.planning.lifetime import Question

FIELDS = ("battery", "city", "duty", "cooling", "threshold", "years", "second")
HORIZON, NO_SECOND = "20", "none"
SHARES = (90, 85, 80, 75, 70, 65, 60)
HORIZONS = (5, 10, 15, 20, 25, 30)


@dataclass(frozen=True)
class LifeChoice:
    """The form's fields as the address has them. threshold in per cent; cooling empty: the usual one."""

    battery: str = "NMC622"
    city: str = "THA/Bangkok"
    duty: str = "ride_hailing_two_wheeler"
    cooling: str = ""
    threshold: str = "80"
    years: str = HORIZON
    second: str = "home_solar"

    def query(self, **changes: str) -> str:
        """The choice as a query, with changes; what is empty is left out."""
        given = {name: getattr(self, name) for name in FIELDS} | changes
        return urlencode({name: value for name, value in given.items() if value}, safe="/")

    def address(self, **changes: str) -> str:
        """Where this choice stands."""
        return f"/plan/lifetime?{self.query(**changes)}"


def choice_of(query: Mapping[str, str]) -> LifeChoice:
    """The choice of an address; fields that are not given stand at their first value."""
    given = {name: query[name].strip() for name in FIELDS if name in query}
    kept = {name: value for name, value in given.items() if value or name in ("cooling", "threshold")}
    return LifeChoice(**kept)


def question_of(choice: LifeChoice) -> tuple[Question | None, list[Wrong]]:
    """The question that a choice asks, with its place spelt as the table has it; or what is wrong with it."""
    from kitaran.planning.lifetime import Question, catalogue

    wrong: list[Wrong] = []
    if choice.battery not in (*chemistries(), *catalogue()):
        cause = _("There is no chemistry and no ageing model %(code)s.") % {"code": repr(choice.battery)}
        wrong.append(Wrong("battery", "battery", cause, _("Choose one from the list.")))
    threshold = _number(choice.threshold, "threshold", wrong) if choice.threshold else None
    years = _number(choice.years, "years", wrong)
    place = _place(choice.city, wrong)
    if wrong or years is None:
        return None, wrong
    share = None if threshold is None else threshold / 100
    question = Question(choice.battery, place, choice.duty, choice.cooling or None, share, int(years))
    return question, wrong


def checked(question: Question, choice: LifeChoice) -> list[Wrong]:
    """What of duty, cooling, threshold, years and second duty cannot be."""
    from kitaran.planning.lifetime import duty
    from kitaran.planning.lifetime.question import checked_threshold

    wrong: list[Wrong] = []
    named = [("duty", choice.duty)] + ([("second", choice.second)] if choice.second != NO_SECOND else [])
    for field, value in named:
        _tried(wrong, field, partial(duty.duty, value))
    if not wrong:
        _tried(wrong, "", lambda: checked_threshold(question))
    return wrong


@cache
def chemistries() -> tuple[str, ...]:
    """Chemistries that the library knows, those with models first."""
    from kitaran.planning.lifetime import catalogue
    from kitaran.planning.lifetime.chemistry import WITHOUT_MODEL

    of_models = (name for model in catalogue().values() for name in model.stands_for)
    return tuple(dict.fromkeys([*of_models, *WITHOUT_MODEL]))


def _tried(wrong: list[Wrong], field: str, attempt: Any) -> None:
    try:
        attempt()
    except KitaranError as error:
        wrong += [wrong_of(fault, field) for fault in error.faults]


def wrong_of(fault: Fault, field: str = "") -> Wrong:
    """A fault of the library beside the field that it speaks of."""
    named = field or {"climate": "city", "model": "battery", "chemistry": "battery"}.get(
        fault.place, fault.place
    )
    return Wrong(named if named in FIELDS else "", fault.place, fault.cause, fault.remedy)


def _number(text: str, field: str, wrong: list[Wrong]) -> float | None:
    try:
        return float(int(text))
    except ValueError:
        cause = _("%(text)s is not a whole number.") % {"text": repr(text[:40])}
        remedy = _("Give a percentage: 70, not 0.7.") if field == "threshold" else _("Give a whole number.")
        wrong.append(Wrong(field, field, cause, remedy))
        return None


def _place(city: str, wrong: list[Wrong]) -> str:
    from kitaran.planning.lifetime.climate import normals

    try:
        found = normals(city)
    except KitaranError:
        cause = _("The tables hold no climate of %(city)s.") % {"city": repr(city)}
        remedy = _("Choose a city from the list, or give an economy code for its capital.")
        wrong.append(Wrong("city", "city", cause, remedy))
        return city
    return f"{found.economy}/{found.place}"


def spelt(choice: LifeChoice, question: Question) -> LifeChoice:
    """The choice with its place as the table spells it and the threshold that holds."""
    from kitaran.planning.lifetime.question import checked_threshold

    share = round(100 * checked_threshold(question))
    return replace(choice, city=question.place, threshold=str(share), years=str(question.years))
