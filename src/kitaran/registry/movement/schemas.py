"""What the events of the shipment procedure say. Items stand in the envelope; masses in kg, days ISO 8601."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kitaran.law.case import vocabulary
from kitaran.registry.custody.schemas import Digest, EventId, Item
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.facilities.schemas import Economy, WasteCode
from kitaran.registry.parties.quantities import Amount
from kitaran.registry.parties.schemas import Activity, Id, Time, Words

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""The number of a notification or movement, the end of its item's id and of its address."""
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Procedure = Literal["basel_pic", "oecd_amber"]
Uncontrolled = Literal["none", "oecd_green", "domestic_only"]
Role = Literal["export", "transit", "import"]
Ground = Literal["cannot_complete", "illegal_exporter", "illegal_importer"]


def day(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError("a day is written YYYY-MM-DD")


def _positive(text: str) -> str:
    if float(text) <= 0:
        raise ValueError("the mass is zero")
    return text


def _of_vocabulary(name: str) -> AfterValidator:
    def check(text: str) -> str:
        group, _, key = name.partition(".")
        known = vocabulary()[group][key] if key else vocabulary()[group]
        if text not in known:
            raise ValueError(f"known are {', '.join(known)}")
        return text

    return AfterValidator(check)


def _percent(text: str) -> str:
    if float(text) > 100:
        raise ValueError("it is more than 100 percent")
    return text


Percent = Annotated[Amount, AfterValidator(_percent)]
Day = Annotated[str, AfterValidator(day)]
Mass = Annotated[Amount, AfterValidator(_positive)]


class Goods(Payload):
    """What is to move, in the words of the law's vocabulary. What is not said is unknown to the law.

    waste_code : entry of a list of wastes, if it moves as waste
    soc_pct    : charge of the fullest item; critical : damaged so that it may react
    """

    kind: Annotated[str, _of_vocabulary("item.kind")]
    chemistry: Annotated[str, _of_vocabulary("item.chemistry")] | None = None
    condition: Annotated[str, _of_vocabulary("item.condition")] | None = None
    purpose: Annotated[str, _of_vocabulary("purpose")] | None = None
    waste_code: WasteCode | None = None
    composition: Text | None = None
    soc_pct: Percent | None = None
    soh_pct: Percent | None = None
    energy_kwh: Amount | None = None
    diagnosable: bool | None = None
    critical: bool | None = None


class Route(Payload):
    """From which economy to which, through which others in their order."""

    export: Economy
    transit: Annotated[list[Economy], Field(max_length=20)] = Field(default=[])
    destination: Economy
    mode: Annotated[str, _of_vocabulary("route.mode")] | None = None

    @model_validator(mode="after")
    def _no_economy_twice(self) -> Self:
        named = [self.export, *self.transit, self.destination]
        if len(set(named)) != len(named):
            raise ValueError("an economy stands twice on the route")
        return self


class Planned(Payload):
    """What a notification and a movement without one have in common.

    facility : where it is to be recovered, repaired or disposed of; activity : what is done there
    """

    importer: Id
    facility: Id
    activity: Activity
    carriers: Annotated[list[Id], Field(max_length=20)] = Field(default=[])
    route: Route
    goods: Goods
    corridor: Number | None = None


class Notified(Planned):
    """An exporter asks the authorities concerned for consent. quantity_kg, shipments : in all"""

    procedure: Procedure
    quantity_kg: Mass
    shipments: Count
    first_departure: Day
    last_departure: Day
    contract: Words | None = None
    guarantee: Words | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_departure < self.first_departure:
            raise ValueError("the last departure is before the first")
        return self


class Amended(Payload):
    """The notification is changed. What a consent covers stays as it was: more needs a new consent."""

    quantity_kg: Mass | None = None
    shipments: Count | None = None
    last_departure: Day | None = None
    carriers: Annotated[list[Id], Field(max_length=20)] | None = None
    reason: Text


class Withdrawn(Payload):
    """The exporter withdraws the notification. Movements under way go on, none begins."""

    reason: Words | None = None


class OnPaper(Payload):
    """The letter of an authority that does not act here. digest : SHA-256 of the file"""

    digest: Digest
    reference: Words
    dated: Day


class Answer(Payload):
    """An authority acts for its economy. paper : its letter, where the authority of export enters it."""

    economy: Economy
    paper: OnPaper | None = None


class Acknowledged(Answer):
    """The authority has the notification, complete. From here clocks of objection run."""

    number: Words | None = None


class Questioned(Answer):
    """The authority asks; the id of the event is that of the question."""

    question: Text


class Answered(Payload):
    """The exporter answers a question."""

    question: EventId
    answer: Text


class Consented(Answer):
    """The authority consents. What is not limited here is limited by the notification as it stands now.

    notice_days : a movement starts at the earliest so many days after its announcement
    """

    valid_from: Day
    valid_until: Day
    quantity_kg: Mass | None = None
    shipments: Count | None = None
    notice_days: Annotated[int, Field(ge=0, le=90)] | None = None
    conditions: Annotated[list[Text], Field(max_length=50)] = Field(default=[])
    reference: Words | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("the consent ends before it begins")
        return self


class Objected(Answer):
    """The authority objects."""

    reason: Text


class ConsentWithdrawn(Answer):
    """The authority takes its consent back, for movements that have not started."""

    reason: Text


class Unnotified(Planned):
    """A movement that, as the exporter says, needs no consent."""

    procedure: Uncontrolled


class Announced(Payload):
    """A movement is planned, under a notification or without one; its batteries stand in the envelope.

    arrives_by : when it should have been received
    """

    notification: Number | None = None
    alone: Unnotified | None = None
    mass_kg: Mass
    departs: Time
    arrives_by: Time
    carriers: Annotated[list[Id], Field(max_length=20)] = Field(default=[])

    @model_validator(mode="after")
    def _one_ground(self) -> Self:
        if (self.notification is None) == (self.alone is None):
            raise ValueError("name either a notification or what moves without one")
        if self.arrives_by <= self.departs:
            raise ValueError("it arrives before it departs")
        return self


class Started(Payload):
    """It departs, with this mass. offer : the hand-over in custody, if there is one"""

    mass_kg: Mass
    seal: Words | None = None
    conveyance: Words | None = None
    offer: EventId | None = None


class MassCorrected(Payload):
    """The mass at departure was another."""

    mass_kg: Mass
    reason: Text


class Cancelled(Payload):
    """It does not depart; what it took of the consent is free again."""

    reason: Words


class BorderChecked(Payload):
    """An officer's finding at the border. `held` keeps it there, `refused` sends it back."""

    economy: Economy
    finding: Literal["passed", "held", "refused"]
    seal: Words | None = None
    remarks: Text | None = None


class Received(Payload):
    """It has arrived, with this mass on the receiver's scale. arrived : when; facility : where"""

    mass_kg: Mass
    arrived: Time
    remarks: Text | None = None
    offer: EventId | None = None


class ReceiptRefused(Payload):
    """The receiver does not take it in."""

    reason: Text


class Completed(Payload):
    """A certificate: so much of what was received was treated, and so much material was recovered.

    completed : the day on which it was done
    """

    mass_kg: Mass
    recovered_kg: Amount | None = None
    completed: Day
    residues: Text | None = None

    @model_validator(mode="after")
    def _no_more_than_treated(self) -> Self:
        if self.recovered_kg is not None and float(self.recovered_kg) > float(self.mass_kg):
            raise ValueError("more was recovered than treated")
        return self


class Failed(Payload):
    """It cannot be completed as agreed, or was illegal traffic."""

    ground: Ground
    economy: Economy | None = None
    reason: Text


class TakenBack(Payload):
    """It is back with the exporter, or elsewhere by agreement of the authorities."""

    mass_kg: Mass
    arrived: Time
    remarks: Text | None = None


class DocumentGiven(Payload):
    """A document of the law's table as evidence.

    document : its name there; about : the battery that it is about, None for the whole consignment
    digest   : SHA-256 of the file, which is kept beside the log
    fields   : what it states
    """

    document: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
    about: Item | None = None
    digest: Digest | None = None
    media_type: Annotated[str, Field(pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$", max_length=80)] | None = None
    size: Annotated[int, Field(ge=1, le=50_000_000)] | None = None
    fields: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], Text] = Field(default={}, max_length=60)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.digest is None and not self.fields:
            raise ValueError("the document has neither a file nor a field")
        if (self.digest is None) != (self.size is None):
            raise ValueError("a file has a digest and a size")
        return self


class DocumentWithdrawn(Payload):
    """A document counts no longer."""

    given: EventId
    reason: Words


class PreconsentReported(Payload):
    """What a facility with a pre-consent took in and treated in a period."""

    preconsent: Id
    period_from: Day
    period_until: Day
    received_kg: Amount
    treated_kg: Amount
    recovered_kg: Amount
    remarks: Text | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.period_until < self.period_from:
            raise ValueError("the period ends before it begins")
        return self


Disclosed = Literal["dates", "masses", "parties", "findings"]
DISCLOSED: Final[tuple[Disclosed, ...]] = ("dates", "masses", "parties", "findings")


class CorridorAgreed(Payload):
    """A pilot agreement: who stands in it, what is opened of its chain of custody, and to which observers."""

    name: Words
    authorities: Annotated[list[Id], Field(min_length=1, max_length=30)]
    facilities: Annotated[list[Id], Field(min_length=1, max_length=100)]
    observers: Annotated[list[Id], Field(max_length=50)] = Field(default=[])
    discloses: Annotated[list[Disclosed], Field(max_length=4)] = Field(default=[])
    public: bool = False
    valid_from: Day
    valid_until: Day
    text: Text | None = None


class CorridorJoined(Payload):
    """An authority that the agreement names takes part in it."""


class CorridorLeft(Payload):
    """An authority takes part no longer; with the last one the corridor ends."""

    reason: Words


class BarrierMet(Payload):
    """What stood in the way of a movement in the corridor."""

    barrier: Text
    movement: Number | None = None


class BarrierLifted(Payload):
    """It stands there no longer."""

    barrier: EventId
    how: Text
