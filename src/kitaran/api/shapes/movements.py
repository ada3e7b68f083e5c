"""Notifications and movements: how they stand, whose turn it is, the dossier, their history."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kitaran.api.shapes.law import Day, Law
from kitaran.api.shapes.ledger import Custody
from kitaran.api.shapes.shape import Decimal, Hash, Instant, Seq, Shape, absent

Economy = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 3166 alpha-3.")]
Names = Annotated[dict[str, str], Field(description="Names of operators by their id.")]
State = Literal["announced", "under_way", "received", "completed", "failed", "taken_back", "cancelled"]
StateOfNotification = Literal["pending", "not_yet_valid", "consented", "run_out", "objected", "withdrawn"]
StateOfConsent = Literal[
    "awaited",
    "acknowledged",
    "consented",
    "not_yet_valid",
    "run_out",
    "objected",
    "withdrawn",
    "tacit",
    "silent",
]
Finding = Literal["passed", "held", "refused"]


class Route(Shape):
    """From where, through which economies in their order, to where."""

    export: Economy
    transit: list[Economy] = absent()
    destination: Economy
    mode: str = absent()


class Goods(Shape):
    """What moves, in the words of the law's vocabulary. What was not said is left out."""

    kind: str
    chemistry: str = absent()
    condition: str = absent()
    purpose: str = absent()
    waste_code: str = absent()
    composition: str = absent()
    soc_pct: Decimal = absent()
    soh_pct: Decimal = absent()
    energy_kwh: Decimal = absent()
    diagnosable: bool = absent()
    critical: bool = absent()


class Turn(Shape):
    """An act that it waits for. due: its last day; days_left: below zero once it is past."""

    who: Literal["exporter", "importer", "facility", "carrier", "authority", "officer"]
    economy: Economy | None
    what: str
    due: Day | None
    late: bool
    days_left: int | None


class Quantity(Shape):
    """Masses [kg] and shipments: notified, drawn by movements that are not cancelled, left."""

    notified_kg: Decimal
    drawn_kg: Decimal
    left_kg: Decimal
    shipments: int
    shipments_drawn: int
    shipments_left: int


class NotificationLine(Shape):
    """A notification in a list."""

    notification: str
    exporter: str
    exporter_name: str
    importer_name: str
    route: Route
    goods: Goods
    state: StateOfNotification
    submitted_at: Instant
    quantity: Quantity
    next: list[Turn]


class MovementShort(Shape):
    """Stages and masses of a movement."""

    movement: str
    notification: str | None
    serial: int | None
    state: State
    overdue: bool
    announced_at: Instant
    departs: Instant
    arrives_by: Instant
    started_at: Instant | None
    arrived_at: Instant | None
    received_at: Instant | None
    completed_at: Instant | None
    failed_at: Instant | None
    ground: Literal["cannot_complete", "illegal_exporter", "illegal_importer"] | None
    taken_back_at: Instant | None
    cancelled_at: Instant | None
    mass_kg: Decimal
    received_kg: Decimal | None
    difference_kg: Annotated[Decimal | None, Field(description="Departed less received.")]
    certified_kg: Decimal
    recovered_kg: Decimal


class MovementLine(MovementShort):
    """A movement in a list."""

    exporter: str
    exporter_name: str
    importer_name: str
    route: Route
    held_by: Annotated[list[Economy], Field(description="Economies whose officer holds it.")]
    next: list[Turn]


class Movements(Shape):
    """What the caller may see, newest first."""

    notifications: list[NotificationLine]
    movements: list[MovementLine]


class Clock(Shape):
    """A period of the law as it runs here. due: its last day; ended: that day is over everywhere."""

    step: str
    period: str
    counted_from: str
    since: Instant | Day | None
    due: Day | None
    ended: bool
    silence: Annotated[str, Field(description="`consents`, `waits`, or empty: late then.")]
    sure: bool
    deadline: str
    who: str
    cite: str
    source: str
    seen: str
    confidence: str
    note: str


class OnPaper(Shape):
    """The letter of an authority that does not act here."""

    digest: Hash
    reference: str
    dated: Day


class Named(Shape):
    """An operator with its name."""

    id: str
    name: str


class Authority(Shape):
    """How the authority of an economy stands to a notification."""

    economy: Economy
    role: Literal["export", "transit", "import"]
    operators: list[Named]
    state: StateOfConsent
    stands: Annotated[bool, Field(description="Whether a consent holds now, written or tacit.")]
    acknowledged_at: Instant | None
    answered_at: Instant | None
    acknowledge: Clock | None
    decide: Clock | None
    valid_from: Day | None
    valid_until: Day | None
    quantity_kg: Decimal | None
    shipments: int | None
    notice_days: int
    conditions: list[str] | None
    reference: str | None
    reason: str | None
    paper: OnPaper | None


class Asked(Shape):
    """A question of an authority, and its answer."""

    question: str
    notification: str
    economy: Economy
    asked_by: str
    asked_at: Instant
    words: str
    answered_at: Instant | None
    answer: str | None


class GivenDocument(Shape):
    """A document that somebody added to the dossier."""

    given: str
    seq: Seq
    subject: str
    given_by: str
    given_at: Instant
    document: str
    about: str = absent()
    digest: Hash = absent()
    media_type: str = absent()
    size: int = absent()
    fields: dict[str, str] = absent()


class Document(Shape):
    """A document that the law asks for: what is there of it, and who can give the rest."""

    document: str
    label: str
    per: Literal["consignment", "shipment", "item", "model", "lot"]
    states: list[str]
    cite: str
    state: Literal["missing", "given", "given in part", "held", "held in part", "later"]
    lacking_for: Annotated[list[str], Field(description="Batteries without it.")]
    given: list[GivenDocument]
    held: Annotated[dict[str, str], Field(description="What the registry itself has of it.")]
    known: Annotated[dict[str, dict[str, str]], Field(description="What it knows of each battery.")]
    who: str | None


class Licence(Shape):
    """A licence of a side that holds now."""

    operator: str
    number: str
    authority: str
    activities: list[str]
    valid_from: Instant
    valid_until: Instant | None


class Permit(Shape):
    """A permit of the receiving facility that holds now."""

    number: str
    authority: str
    activities: list[str]
    valid_from: Instant
    valid_until: Instant | None


class Technician(Shape):
    """A certificate of a technician of the receiving facility that holds now, without a name."""

    technician: str
    issuer: str
    scopes: list[str]
    valid_from: Instant
    valid_until: Instant | None


class Held(Shape):
    """Licences, permits and certificates beside the dossier."""

    licences: list[Licence]
    permits: list[Permit]
    technicians: list[Technician]


class Happened(Shape):
    """An event of the history. payload: what it says, with the words that stand beside the log."""

    seq: Seq
    id: str
    kind: str
    at: Instant
    recorded_at: Instant
    by: str
    signed: Custody
    place: str | None
    payload: dict[str, Any]


class _Both(Shape):
    """What a notification and a movement have in common."""

    item: str
    head: Annotated[Hash | None, Field(description="What the next event must expect.")]
    exporter: str
    carriers: list[str]
    names: Names
    facility_name: str | None
    importer: str
    facility: str
    activity: str
    route: Route
    goods: Goods
    corridor: str | None
    procedure: Literal["basel_pic", "oecd_amber", "none", "oecd_green", "domestic_only"]
    next: list[Turn]
    dossier: list[Document]
    standing: Held
    law: Law
    events: list[Happened]
    note: str


class Notification(_Both):
    """A notification: each authority with its answer and clock, and what is left of the consents."""

    notification: str
    state: StateOfNotification
    first_departure: Day
    last_departure: Day
    contract: str | None
    guarantee: str | None
    reason: str | None
    submitted_at: Instant
    withdrawn_at: Instant | None
    preconsented: bool
    quantity: Quantity
    authorities: list[Authority]
    questions: list[Asked]
    movements: list[MovementShort]


class BorderCheck(Shape):
    """What an officer found."""

    economy: Economy
    finding: Finding
    officer: str
    at: Instant
    seal: str = absent()
    remarks: str = absent()


class Movement(_Both, MovementShort):
    """A movement: stages, masses, consents, border checks and clocks."""

    items: list[str]
    items_kg: Decimal | None
    consents: list[Authority]
    checks: list[BorderCheck]
    held_by: list[Economy]
    clocks: list[Clock]


class Evidence(Shape):
    """Whether a bundle is intact, and who vouches for it."""

    intact: bool
    problems: list[str]
    origin: str
    size: int
    events: int
    custodial: int
    cosigned_by: list[str]


class Read(Shape):
    """What a bundle says of its movements, judged without a registry; nothing of a broken one."""

    evidence: Evidence
    movements: list[Movement]
