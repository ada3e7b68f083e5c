"""The rows that a valuation rests on: prices of a day, payables, contents, assumptions, places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kitaran import reference
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.market.valuation.figures import Figure, entered, from_row
from kitaran.planning.market.valuation.own import OWN_NAMES
from kitaran.planning.processes import Place, place
from kitaran.planning.processes.figures import Figures, figures
from kitaran.planning.processes.prices import NEWER_SET, OLDER_SET
from kitaran.reference import FactTable, Row, lower_grade, region_chain

KILOGRAMS_IN_TONNE = 1000
NEWER_SET_FROM = "2025"
LEAD_BASIS = "annual mean of months, nominal"
DAY = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LONGEST_GAP_YEARS = 3
PACKS_OF_ALL_USES = ("li_ion_pack_price_bnef", "annual, as published")
METAL_ITEM = {
    "cobalt": ("metal", "Co"),
    "nickel": ("metal", "Ni"),
    "lithium_carbonate": ("reagent", "Lithium Carbonate"),
}
WITHOUT_FAMILY = "any"


@dataclass(frozen=True)
class Book:
    """Rows of one day under the overrides of a workspace, with the reader's own entries over them.

    own   : entries by name, as `own.checked`
    as_of : day as YYYY, YYYY-MM or YYYY-MM-DD; empty: the newest rows that there are
    """

    own: Mapping[str, float] = field(default_factory=dict)
    as_of: str = ""
    overrides: Path | None = None
    _rows: dict[tuple[object, ...], tuple[Row, ...]] = field(default_factory=dict, compare=False, repr=False)
    _places: dict[str, Place] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def plant(self) -> Figures:
        """Figures of recycling plants and of the repurposing line."""
        return figures(self.overrides)

    @property
    def price_set(self) -> str:
        return OLDER_SET if self.as_of and self.as_of < NEWER_SET_FROM else NEWER_SET

    def table(self, name: str) -> FactTable:
        return reference.read(name, self.overrides)

    def entry(self, name: str, part: str) -> Figure | None:
        """The reader's own figure, if there is one."""
        return entered(name, self.own[name], OWN_NAMES[name].unit, part) if name in self.own else None

    def assumption(self, name: str, part: str) -> Figure:
        """A row of `value_assumptions`, or the reader's own figure."""
        return self.entry(name, part) or from_row(self._one("value_assumptions", name=name), name, part)

    def line(self, parameter: str, group: str = "repurposing", part: str = "work") -> Figure:
        """A row of `plant_parameters`."""
        return from_row(
            self._one("plant_parameters", group=group, parameter=parameter), f"{group}/{parameter}", part
        )

    def lifetime(self, name: str) -> Figure:
        """A row of `lifetime_assumptions`."""
        return from_row(self._one("lifetime_assumptions", name=name), name, "health")

    def content(self, chemistry: str, item: str) -> Figure:
        """Mass of an element or part per kWh of nameplate energy."""
        row = self._one("composition", chemistry=chemistry, item=item)
        return from_row(row, f"composition/{chemistry}.{item}", "metals")

    def metal(self, name: str) -> Figure:
        """Price of cobalt, nickel, lithium carbonate or lead [USD/kg]."""
        if own := self.entry(f"{name}_usd_per_kg", "metals"):
            return own
        if name == "lead":
            return self._quoted("lead", LEAD_BASIS, "lead", "metals").times(1 / KILOGRAMS_IN_TONNE, "USD/kg")
        group, item = METAL_ITEM[name]
        chosen = self._found("plant_prices", group=group, item=item, price_set=self.price_set)
        row = (chosen or self._found("plant_prices", group=group, item=item, price_set=OLDER_SET))[0]
        return from_row(row, name, "metals", date=row.text("price_set"))

    def payable(self, name: str) -> Figure:
        """A payable of the price set, as `payable_nico_battery`."""
        return self.line(f"{name}_{self.price_set}", "fee", "metals")

    def fee_without_metals(self) -> Figure:
        """What is paid for a kg of batteries without cobalt and nickel [USD/kg]; nobody is assumed to pay."""
        return self.line("lfp_fee_mended", "fee", "metals")

    def lead_share(self) -> Figure:
        """Price of a kg of lead-acid battery as a share of the price of lead."""
        basis = "South Asia, share of LME lead per kg of battery"
        return self._quoted("scrap_lead_acid_price", basis, "scrap_lead_acid", "metals")

    def application(self, name: str) -> Row:
        """The row of an application; InputError names those that exist."""
        rows = self._found("value_applications", application=name)
        if not rows:
            known = ", ".join(row.text("application") for row in self.table("value_applications"))
            raise InputError(f"There is no application {name!r}.", "application", f"Choose one of {known}.")
        return rows[0]

    def life(self, application: str, parameter: str) -> Figure:
        """Years that a buyer counts on, or the least state of health, of an application."""
        row = self._one("value_lives", application=application, parameter=parameter)
        return from_row(row, f"{parameter}/{application}", "health")

    def new_price(self, application: str) -> Figure:
        """World price of the new battery that stands against a used one [USD/kWh].

        Before the day of its quotation: that quotation by the ratio of the yearly world price of all packs.
        """
        row = self.application(application)
        item, basis = row.text("new_item"), row.text("new_basis")
        name = f"new_pack/{item}"
        known = self._periods(item, basis)
        fit = [each for each in known if not self.as_of or _not_after(each.text("period"), self.as_of)]
        if fit:
            return from_row(fit[-1], name, "new", date=fit[-1].text("period"))
        then = self._quoted(*PACKS_OF_ALL_USES, name, "new")
        base = from_row(known[0], name, "new", date=then.date)
        (now,) = self._periods("pack_price", "BNEF, all uses, volume-weighted")
        return base.times(then.value / now.central)

    def used_price(self, economy: str, family: str) -> Figure:
        """Price of usable used packs as they stand, nearest region first [USD/kWh]."""
        for region in region_chain(economy):
            for wanted in (family, WITHOUT_FAMILY):
                if found := self._found("value_used_prices", region=region, family=wanted):
                    row = found[0]
                    figure = self._quoted(row.text("item"), row.text("basis"), "used_pack", "used")
                    grade = figure.grade if region == economy else lower_grade(figure.grade)
                    proxy = "" if region == economy else economy
                    return Figure(**{**vars(figure), "grade": grade, "proxy_for": proxy})
        raise NotFoundError(f"No price of used packs reaches {economy}.", "prices", "Add a row for ALL.")

    def place(self, economy: str) -> Place:
        """Wages, energy, freight and buildings of an economy."""
        if economy not in self._places:
            self._places[economy] = place(economy, self.overrides)
        return self._places[economy]

    def ageing_model(self, name: str) -> Row:
        """The row of an ageing model."""
        return self._one("ageing_models", model=name)

    def vehicle(self, vehicle_class: str, parameter: str) -> Figure:
        """Price, mass or depreciation of a class of vehicles."""
        if parameter == "new_price" and (own := self.entry("new_vehicle_usd", "vehicle")):
            return own
        row = self._one("vehicle_values", vehicle_class=vehicle_class, parameter=parameter)
        return from_row(row, f"{parameter}/{vehicle_class}", "vehicle")

    def _found(self, table: str, **keys: str) -> tuple[Row, ...]:
        """Resolved rows, looked up once."""
        key = (table, *keys.items())
        if key not in self._rows:
            self._rows[key] = self.table(table).where(**keys).resolve().rows
        return self._rows[key]

    def _one(self, table: str, **keys: str) -> Row:
        rows = self._found(table, **keys)
        if not rows:
            wanted = ", ".join(f"{name} {cell}" for name, cell in keys.items())
            raise NotFoundError(f"The table has no row of {wanted}.", table, "Add a row as an override.")
        return rows[0]

    def _periods(self, item: str, basis: str) -> list[Row]:
        """Quotations of an item, the oldest first."""
        rows = self._found("prices", item=item, basis=basis)
        if not rows:
            raise NotFoundError(f"There is no price of {item} ({basis}).", "prices", "Add a row.")
        return sorted(rows, key=lambda row: row.text("period"))

    def _quoted(self, item: str, basis: str, name: str, part: str) -> Figure:
        """The newest quotation not after the day; the oldest where all are later."""
        rows = self._periods(item, basis)
        fit = [row for row in rows if not self.as_of or _not_after(row.text("period"), self.as_of)]
        row = fit[-1] if fit else rows[0]
        return from_row(row, name, part, date=row.text("period"))


def checked_day(as_of: str, overrides: Path | None = None) -> str:
    """The day of the prices; InputError if it is none, or before the prices of new packs are known."""
    if not as_of:
        return as_of
    if not DAY.fullmatch(as_of):
        raise InputError(f"{as_of[:20]!r} is no day.", "as_of", "Give a year, a month or a day, as 2026-05.")
    item, basis = PACKS_OF_ALL_USES
    rows = reference.read("prices", overrides).where(item=item, basis=basis).resolve().rows
    first = _first_known(sorted(row.text("period") for row in rows))
    if not _not_after(first, as_of):
        raise InputError(
            f"Prices of new packs are not known for {as_of}.", "as_of", f"Choose {first} or later."
        )
    return as_of


def _first_known(periods: Sequence[str]) -> str:
    """The period from which on quotations follow one another closely; lone older ones hold for no day."""
    first = periods[-1]
    for period in reversed(periods):
        if int(first[:4]) - int(period[:4]) > LONGEST_GAP_YEARS:
            break
        first = period
    return first


def _not_after(period: str, day: str) -> bool:
    """Whether a period begins by a day, as far as both are told."""
    told = min(len(period), len(day))
    return period[:told] <= day[:told]
