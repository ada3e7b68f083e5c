"""The health model: what is known of each format of cell, as plain numbers in a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitaran.registry.triage.features import FEATURES
from kitaran.registry.triage.health_curve import HealthCurve
from kitaran.registry.triage.likeness import Likeness

Array = NDArray[np.float64]

WAYS = ("voltages", "ampere_hours")
_DIGITS = 10


@dataclass(frozen=True)
class FormatCurve:
    """A health curve and the features that it reads.

    way : voltages, or ampere_hours where the charge in the cell is known in ampere-hours beside them
    roughness : the price that the curve was fitted with, kept for its record
    """

    way: str
    features: str
    roughness: float
    curve: HealthCurve

    def soh(self, voltages: Array, ampere_hours_share: Array) -> Array:
        """(test, 21) [V] and (test,) ampere-hours over nominal to SOH (test,) [fraction]."""
        return self.curve.soh(shown(self.way, self.features, voltages, ampere_hours_share))


def shown(way: str, features: str, voltages: Array, ampere_hours_share: Array) -> Array:
    """What a curve reads, (test, feature)."""
    read = FEATURES[features](voltages)
    if way == "ampere_hours":
        return np.concatenate([read, ampere_hours_share[:, None]], axis=1)
    return read


@dataclass(frozen=True)
class KnownFormat:
    """A format of cell whose tests the model has seen: chemistry and nominal capacity name it."""

    name: str
    chemistry: str
    nominal_ah: float
    shares: tuple[float, float]
    likeness: Likeness
    curves: Mapping[str, FormatCurve]


@dataclass(frozen=True)
class HealthModel:
    """All known formats, and the record of how they were fitted and judged.

    formats : by voltages read to tenths of a millivolt; coarse: the same by voltages read to whole millivolts
    """

    formats: tuple[KnownFormat, ...]
    coarse: tuple[KnownFormat, ...]
    record: Mapping[str, object]


def to_json(model: HealthModel) -> str:
    """The model as JSON; numbers to ten digits, so that two machines write one file."""
    fitted = {name: [_plain(each) for each in getattr(model, name)] for name in ("formats", "coarse")}
    content = {"record": model.record, **fitted}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def from_json(text: str) -> HealthModel:
    """The model of a file that `to_json` wrote."""
    content = json.loads(text)
    fine, coarse = (tuple(_format(each) for each in content[name]) for name in ("formats", "coarse"))
    return HealthModel(fine, coarse, content["record"])


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist() if value.dtype.kind not in "f" else [_plain(each) for each in value]
    if isinstance(value, float | np.floating):
        return float(f"{float(value):.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _format(content: Mapping[str, Any]) -> KnownFormat:
    curves = {
        way: FormatCurve(way, each["features"], each["roughness"], HealthCurve(**_arrays(each["curve"])))
        for way, each in content["curves"].items()
    }
    return KnownFormat(
        content["name"],
        content["chemistry"],
        content["nominal_ah"],
        (content["shares"][0], content["shares"][1]),
        Likeness(**_arrays(content["likeness"])),
        curves,
    )


def _arrays(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.array(each) if isinstance(each, list) else each for name, each in content.items()}
