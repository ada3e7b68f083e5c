"""What the events of passports say. Attributes are checked against the table; restricted ones are sealed."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from kitaran.registry.ledger.bulk import Manifest
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.quantities import Amount
from kitaran.registry.parties.schemas import Id, Words, legible
from kitaran.registry.passport import values
from kitaran.registry.passport.attributes import attributes, entered, sealed_of_model

BatteryId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""32 hexadecimal digits, made at random: nobody finds a battery by counting."""
SHORTEST_CODE: Final = 4
Code = Annotated[str, Field(min_length=SHORTEST_CODE, max_length=500), AfterValidator(legible)]
Account = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(legible)]
Chemistry = Annotated[str, Field(max_length=20)]
READING: Final = "reading"
"""Name of the sealed value of a measurement."""
SALT: Final = "salt"
"""What a row of an import holds at random beside what is said of the battery."""


def _checked(given: dict[str, Any], known: Any) -> dict[str, Any]:
    found = values.faults(given, known)
    if found:
        raise ValueError("; ".join(f"{one.place}: {one.cause}" for one in found[:20]))
    return given


class ModelRegistered(Payload):
    """A model, or its next version: every version says all there is to say.

    attributes : those that everyone may read; the others are sealed, each under its name
    """

    model: Id
    operator: Id
    attributes: dict[str, Any]

    @model_validator(mode="after")
    def _known(self) -> ModelRegistered:
        open_to_all = {n: a for n, a in entered("model", "static").items() if n not in sealed_of_model()}
        _checked(self.attributes, open_to_all)
        for needed in ("category", "chemistry", "model_name"):
            if needed not in self.attributes:
                raise ValueError(f"{needed}: it is missing")
        return self


class Issued(Payload):
    """A passport of one battery. codes : what its label says, beside the serial number"""

    battery: BatteryId
    operator: Id
    model: Id
    attributes: dict[str, Any]
    codes: list[Code] = Field(default=[], max_length=10)

    @model_validator(mode="after")
    def _known(self) -> Issued:
        _checked(self.attributes, entered("item", "static"))
        if "serial_number" not in self.attributes:
            raise ValueError("serial_number: it is missing")
        return self


class BatchIssued(Manifest):
    """Passports of many batteries, one a row: `{battery, model, serial_number, ...}`."""

    batch: Id
    operator: Id


class ReadingTaken(Payload):
    """Something was measured or observed; what, is sealed under `reading`. The time is that of the event."""

    battery: BatteryId


class Reading(Payload):
    """What was measured.

    error      : half width of the interval that holds the true value 19 times in 20, in the unit;
                 None: unknown
    instrument : what measured it
    source     : measured here, read from the battery management system, told by somebody, or estimated
    """

    attribute: str
    value: Any
    error: Amount | None = None
    instrument: Words
    source: Literal["measured", "management_system", "declared", "estimated"]

    @model_validator(mode="after")
    def _known(self) -> Reading:
        _checked({self.attribute: self.value}, entered("item", "dynamic"))
        return self


class Changed(Payload):
    """The battery was repaired, reused, remanufactured, became waste, or its passport ends."""

    battery: BatteryId
    account: Account


class Repurposed(Payload):
    """The battery, or what was made of it, begins another life under a new passport linked to the old one."""

    battery: BatteryId
    successor: BatteryId
    operator: Id
    model: Id
    attributes: dict[str, Any]
    account: Account

    @model_validator(mode="after")
    def _known(self) -> Repurposed:
        if self.battery == self.successor:
            raise ValueError("successor: it is the battery itself")
        _checked(self.attributes, entered("item", "static"))
        if "serial_number" not in self.attributes:
            raise ValueError("serial_number: it is missing")
        return self


class Assayed(Payload):
    """Share of one element or impurity in a lot, in per cent of dry weight."""

    item: Annotated[str, Field(min_length=1, max_length=30), AfterValidator(legible)]
    percent: Amount


Sign = Literal["swollen", "leaked", "vented", "water", "crash", "undiagnosable"]
"""What is seen on a battery and bodes ill: the same signs by which triage sets one apart."""


class TakenIn(Payload):
    """A battery or lot that has no passport: its history starts here.

    what      : pack, module, cell, lead_acid_lot, mixed_lot, black_mass, salt
    voltage_v, capacity_ah, energy_kwh : what the label still says, of one battery or of each in a lot
    known_by  : how the chemistry is known: label, tested, declared, unknown
    test      : how it was tested
    signs     : signs of danger that are seen
    photo     : SHA-256 of a photo that is kept beside the record
    assay     : of a lot of black mass or salt
    """

    battery: BatteryId
    what: Literal["pack", "module", "cell", "lead_acid_lot", "mixed_lot", "black_mass", "salt"]
    mass_kg: Amount
    count: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    label: Account | None = None
    voltage_v: Amount | None = None
    capacity_ah: Amount | None = None
    energy_kwh: Amount | None = None
    codes: list[Code] = Field(default=[], max_length=10)
    chemistry: Chemistry
    known_by: Literal["label", "tested", "declared", "unknown"]
    test: Words | None = None
    signs: list[Sign] = Field(default=[], max_length=6)
    condition: Words | None = None
    photo: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    moisture_percent: Amount | None = None
    assay: list[Assayed] = Field(default=[], max_length=60)

    @model_validator(mode="after")
    def _fits(self) -> TakenIn:
        _checked({"chemistry": self.chemistry}, {"chemistry": attributes()["chemistry"]})
        if (self.chemistry == "unknown") != (self.known_by == "unknown"):
            raise ValueError("known_by: say how the chemistry is known, or that it is not")
        if self.test is not None and self.known_by != "tested":
            raise ValueError("test: say how it was tested only of a chemistry that was tested")
        if len(set(self.signs)) < len(self.signs):
            raise ValueError("signs: one stands twice")
        if self.what == "lead_acid_lot" and self.chemistry != "lead_acid":
            raise ValueError("chemistry: a lot of lead-acid batteries is lead_acid")
        if self.assay and self.what not in MATERIALS:
            raise ValueError("assay: only black mass and salts are assayed")
        if any(float(one.percent) > 100 for one in self.assay):
            raise ValueError("assay: a share is over 100 %")
        if sum(float(one.percent) for one in self.assay) > 100:
            raise ValueError("assay: the shares are over 100 % together")
        return self


MATERIALS: Final = frozenset({"black_mass", "salt"})
BATTERIES: Final = frozenset({"pack", "module", "cell"})
