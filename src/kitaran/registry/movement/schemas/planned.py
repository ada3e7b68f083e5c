"""What is planned: goods, route, parties; and the law by which it was looked at."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.movement.schemas.forms import Number, Percent, Text, of_vocabulary
from kitaran.registry.parties.facilities.schemas import Economy, WasteCode
from kitaran.registry.parties.quantities import Amount
from kitaran.registry.parties.schemas import Activity, Id

Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z.+-]{1,400}$")]


class LawRead(Payload):
    """The law book by which the node decides when it records this: versions, each with its day and digest.

    facts : names each table of own facts of the workspace by its digest too
    """

    rules: Version
    facts: Version


class Goods(Payload):
    """What is to move, in the words of the law's vocabulary. What is not said is unknown to the law.

    waste_code : entry of a list of wastes, if it moves as waste
    soc_pct    : charge of the fullest item; critical : damaged so that it may react
    """

    kind: Annotated[str, of_vocabulary("item.kind")]
    chemistry: Annotated[str, of_vocabulary("item.chemistry")] | None = None
    condition: Annotated[str, of_vocabulary("item.condition")] | None = None
    purpose: Annotated[str, of_vocabulary("purpose")] | None = None
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
    mode: Annotated[str, of_vocabulary("route.mode")] | None = None

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
