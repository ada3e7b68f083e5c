"""What a scenario says: which economies, and what differs from the facts as they are.

Field descriptions below are the documentation of the file; the JSON Schema for editors is made from them.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

FIRST_YEAR = 2010
LAST_YEAR = 2050

VehicleClass = Literal["e_bike", "two_wheeler", "three_wheeler", "car", "van", "bus", "truck"]
ClassWithChoice = Literal["two_wheeler", "three_wheeler", "car", "van", "bus", "truck"]
ClassWithLeadAcid = Literal["e_bike", "two_wheeler", "three_wheeler"]
Use = Literal["private", "taxi", "ride_hailing", "delivery", "transit", "e_rickshaw", "freight"]
BatteryType = Literal["lithium", "lead_acid"]
EconomyCode = Annotated[
    str, Field(pattern="^[A-Z]{3}$", description="ISO 3166 alpha-3 code, for example THA.")
]


def _no_yes_or_no(value: object) -> object:
    """Pydantic would take `true` for 1; in a file it is a slip."""
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "yes or no is no number")
    return value


def _as_text(value: object) -> object:
    """The unit `1`, which YAML reads as a number."""
    return str(value) if type(value) is int else value


Number = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(_no_yes_or_no)]
ForecastYear = Annotated[
    int,
    BeforeValidator(_no_yes_or_no),
    Field(ge=FIRST_YEAR, le=LAST_YEAR, description="A year from 2010 to 2050."),
]

_Closed = ConfigDict(extra="forbid", frozen=True)


class LifeChange(BaseModel):
    """Longer or shorter lives of vehicles or batteries. The first change that fits a kind of vehicle is
    used."""

    model_config = _Closed

    component: Literal["vehicle", "battery"] = Field(description="What lives longer or shorter.")
    unit: Literal["factor", "year"] = Field(description="What `value` is.")
    value: Number = Field(gt=0, le=60, description="A factor on mean life, or the mean life itself.")
    economies: tuple[EconomyCode, ...] = Field((), description="Where; everywhere if left out.")
    vehicle_class: VehicleClass | None = Field(None, description="Which class; all if left out.")
    use: Use | None = Field(None, description="Which use; all if left out.")
    battery_type: BatteryType | None = Field(None, description="Batteries of which type; all if left out.")

    @field_validator("value")
    @classmethod
    def _factor_in_reach(cls, value: float, others: ValidationInfo) -> float:
        if others.data.get("unit") == "factor" and not 0.1 <= value <= 10:
            raise ValueError("a factor on life must lie between 0.1 and 10")
        return value


class ShareInYear(BaseModel):
    """A share of the vehicles sold in a year."""

    model_config = _Closed

    economies: tuple[EconomyCode, ...] = Field((), description="Where; everywhere if left out.")
    year: ForecastYear = Field(description="Year of sale.")
    unit: Literal["fraction", "percent"] = Field(description="What `value` is.")
    value: Number = Field(ge=0, description="Share of the vehicles sold.")

    @field_validator("value")
    @classmethod
    def _a_share(cls, value: float, others: ValidationInfo) -> float:
        whole = {"fraction": 1, "percent": 100}.get(others.data.get("unit", ""))
        if whole is not None and value > whole:
            raise ValueError("a share cannot be above 1 (100 percent)")
        return value

    @property
    def share(self) -> float:
        return self.value / 100 if self.unit == "percent" else self.value

    def holds_in(self, economy: str) -> bool:
        return economy in (self.economies or (economy,))


class SalesTarget(ShareInYear):
    """Electric share of all vehicles sold that a class reaches in a year; logistic between targets."""

    vehicle_class: ClassWithChoice = Field(description="Which class. E-bikes are electric by definition.")


class LeadAcidShare(ShareInYear):
    """Share of lead-acid batteries in the electric vehicles sold of a class; linear between years."""

    vehicle_class: ClassWithLeadAcid = Field(description="Which class. Only these have lead-acid packs.")


class CollectionShare(ShareInYear):
    """Share of retired batteries that licensed collectors get; linear between years, from the first on."""

    year: ForecastYear = Field(description="Year of retirement.")
    value: Number = Field(ge=0, description="Share of what retires and stays in the economy.")
    battery_type: BatteryType | None = Field(None, description="Batteries of which type; all if left out.")


class RepurposingShare(ShareInYear):
    """Share of collected lithium batteries that are fit and sound and get a second use outside a vehicle."""

    year: ForecastYear = Field(description="Year of retirement.")
    value: Number = Field(ge=0, description="Share of fit and sound batteries that are not reused.")


class AssumptionChange(BaseModel):
    """Another value for a row of the table planning_assumptions."""

    model_config = _Closed

    name: str = Field(description="Name of the assumption, for example unrecorded_share.")
    value: Number = Field(ge=0, description="Middle of the range.")
    low: Number | None = Field(
        None, ge=0, description="One sample in twenty lies below. Without low and high: fixed."
    )
    high: Number | None = Field(None, ge=0, description="One sample in twenty lies above.")
    unit: Annotated[
        Literal["1/year", "year", "1", "fraction", "USD/person", "factor"], BeforeValidator(_as_text)
    ] = Field(description="Unit of the row.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError("low, value and high must be in ascending order")
        return self


class Scenario(BaseModel):
    """One forecast: the facts of the reference tables, and what this scenario changes about them."""

    model_config = _Closed

    name: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,62}$", description="Short name: a-z, 0-9 and hyphens.")
    title: str = Field(min_length=1, max_length=120, description="One line that a reader sees.")
    about: str = Field("", description="What it assumes and why, in plain words.")
    economies: Literal["all"] | tuple[EconomyCode, ...] = Field(
        "all", description="`all`, or a list of codes."
    )
    exclude: tuple[EconomyCode, ...] = Field((), description="Economies left out of the run and of the sums.")
    battery_lifetimes: Literal["engine", "tables"] = Field(
        "engine",
        description="What ends a battery: `engine`, ageing in the local climate and duty beside faults and "
        "age; `tables`, the mean lives of the table lifetimes.",
    )
    lives: tuple[LifeChange, ...] = Field((), description="Longer or shorter lives.")
    sales_targets: tuple[SalesTarget, ...] = Field((), description="Electric sales to reach.")
    lead_acid: tuple[LeadAcidShare, ...] = Field(
        (), description="Path of lead-acid batteries in new vehicles."
    )
    collection: tuple[CollectionShare, ...] = Field(
        (), description="Path of formal collection of retired batteries."
    )
    repurposing: tuple[RepurposingShare, ...] = Field(
        (), description="Path of repurposing of collected batteries."
    )
    assumptions: tuple[AssumptionChange, ...] = Field((), description="Other assumptions of the method.")
    claims: Literal["none", "published"] = Field(
        "none", description="`published`: the run sets what others claim of batteries beside its figures."
    )

    @property
    def by_engine(self) -> bool:
        """Whether batteries retire by the ageing engine where it knows their chemistry."""
        return self.battery_lifetimes == "engine"
