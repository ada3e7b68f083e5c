"""What a reader asked about a recycling plant, from the address; what is wrong stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kitaran.foundation.errors import KitaranError
from kitaran.reference.overrides import fingerprint
from kitaran.web.form_faults import Wrong
from kitaran.web.language import gettext as _

if TYPE_CHECKING:
    from kitaran.planning.processes import Case

FIELDS = (
    *("route", "form", "t", "prices"),
    *("chem1", "share1", "chem2", "share2", "chem3", "share3"),
    *("place1", "place2", "place3", "place4"),
)
MIX = (1, 2, 3)
PLACES = ("place1", "place2", "place3", "place4")
NOTHING = ""
LEAST_T, MOST_T = 100, 200_000
# What the reader has -> battery and feed of the model
FORMS = {
    "pack": ("pack", "eol_pack"),
    "pack_to_module": ("pack", "eol_module"),
    "pack_to_cell": ("pack", "eol_cell"),
    "cell": ("cell", "eol_cell"),
    "rejected_cells": ("cell", "rejected_cells"),
    "electrode_scrap": ("cell", "electrode_scrap"),
    "black_mass": ("cell", "black_mass"),
}


@dataclass(frozen=True)
class PlantChoice:
    """The form's fields as the address has them; shares in per cent, t in tonnes a year."""

    route: str = "hydrometallurgical"
    form: str = "pack"
    t: str = "10000"
    prices: str = "2025-26"
    chem1: str = "LFP"
    share1: str = "60"
    chem2: str = "NMC622"
    share2: str = "40"
    chem3: str = NOTHING
    share3: str = NOTHING
    place1: str = "THA"
    place2: str = "IND"
    place3: str = "VNM"
    place4: str = "IDN"

    def query(self, **changes: str) -> str:
        """The choice as a query, with changes. Every field is named, so that an empty one stays empty."""
        return urlencode({name: getattr(self, name) for name in FIELDS} | changes)

    def address(self, path: str = "/plan/plants", **changes: str) -> str:
        """Where this choice stands."""
        return f"{path}?{self.query(**changes)}"

    @property
    def places(self) -> tuple[str, ...]:
        """The chosen places in order, each once."""
        return tuple(dict.fromkeys(filter(None, (getattr(self, name) for name in PLACES))))


def choice_of(query: Mapping[str, str]) -> PlantChoice:
    """The choice of an address; fields that are not given stand at their first value."""
    return PlantChoice(**{name: query[name].strip() for name in FIELDS if name in query})


@dataclass(frozen=True)
class Asked:
    """A choice that can be answered: battery, feed, tonnes and the mix as (chemistry, share of 1).

    overrides, state : folder of the workspace's own rows, and what tells whether they have changed
    """

    choice: PlantChoice
    battery: str
    feed: str
    tonnes: float
    mix: tuple[tuple[str, float], ...]
    overrides: Path
    state: tuple[tuple[str, int, int], ...]

    def case(self, place: str, tonnes: Any = None, route: str = "", prices: str = "") -> Case:
        """The case of the plant model at one place; tonnes: (sample,) or a number."""
        from kitaran.planning import processes

        amount = self.tonnes if tonnes is None else tonnes
        mix = [(chemistry, self.feed, share * amount) for chemistry, share in self.mix]
        return processes.case(
            route or self.choice.route,
            mix,
            place,
            battery=self.battery,
            price_set=prices or self.choice.prices,
            overrides=self.overrides if self.state else None,
        )


def asked_of(choice: PlantChoice, overrides: Path) -> tuple[Asked | None, list[Wrong]]:
    """The question that a choice asks, or everything that is wrong with it."""
    wrong: list[Wrong] = []
    tonnes = _number(choice.t, "t", wrong)
    if tonnes is not None and not LEAST_T <= tonnes <= MOST_T:
        cause = _("%(text)s tonnes a year cannot be computed.") % {"text": choice.t}
        limits = {"least": LEAST_T, "most": MOST_T}
        wrong.append(Wrong("t", "t", cause, _("Give %(least)s to %(most)s tonnes.") % limits))
    mix = _mix(choice, wrong)
    battery, feed = FORMS.get(choice.form, ("", ""))
    if not battery:
        cause = _("There is no form %(form)s.") % {"form": choice.form}
        wrong.append(Wrong("form", "form", cause, _("Choose one of the list.")))
    if not choice.places:
        wrong.append(Wrong("place1", "place1", _("No place is chosen."), _("Choose at least one.")))
    if wrong or tonnes is None:
        return None, wrong
    asked = Asked(choice, battery, feed, tonnes, mix, overrides, fingerprint(overrides))
    for place in choice.places:
        _tried(wrong, partial(asked.case, place))
    return (None if wrong else asked), wrong


def _mix(choice: PlantChoice, wrong: list[Wrong]) -> tuple[tuple[str, float], ...]:
    """Chemistries with their shares, which are scaled to 1."""
    found: list[tuple[str, float]] = []
    for n in MIX:
        chemistry, share = getattr(choice, f"chem{n}"), getattr(choice, f"share{n}")
        if not chemistry:
            continue
        value = _number(share or "0", f"share{n}", wrong)
        if value is not None and not 0 <= value <= 100:
            cause = _("A share of %(share)s per cent cannot be.") % {"share": share}
            wrong.append(Wrong(f"share{n}", f"share{n}", cause, _("Give 0 to 100.")))
        elif value:
            found.append((chemistry, value))
    whole = sum(share for _name, share in found)
    if not whole and not wrong:
        wrong.append(
            Wrong("chem1", "chem1", _("No chemistry has a share."), _("Give at least one a share above 0."))
        )
    return tuple((chemistry, share / whole) for chemistry, share in found) if whole else ()


def _tried(wrong: list[Wrong], attempt: Any) -> None:
    try:
        attempt()
    except KitaranError as error:
        fields = {"chemistry": "chem1", "location": "place1"}
        for fault in error.faults:
            field = fields.get(fault.place, fault.place if fault.place in FIELDS else "")
            if (found := Wrong(field, fault.place, fault.cause, fault.remedy)) not in wrong:
                wrong.append(found)


def _number(text: str, field: str, wrong: list[Wrong]) -> float | None:
    try:
        value = float(text.replace("\u202f", "").replace(" ", "").replace(",", ""))
    except ValueError:
        value = float("nan")
    if value == value and abs(value) != float("inf"):
        return value
    cause = _("%(text)s is not a number.") % {"text": repr(text[:40])}
    wrong.append(Wrong(field, field, cause, _("Give a plain number.")))
    return None
