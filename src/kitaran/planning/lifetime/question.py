"""A question about a battery's life: which battery, where, in what use, and how far to look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.catalogue import AgeingModel, ageing_model, catalogue
from kitaran.planning.lifetime.chemistry import ensemble
from kitaran.planning.lifetime.duty import duty
from kitaran.planning.lifetime.pack_temperature import pack_heat
from kitaran.planning.lifetime.setting import Setting, setting

LONGEST_YEARS = 30


@dataclass(frozen=True)
class Question:
    """A battery, a place and a use.

    battery   : chemistry, or id of an ageing model (which may be a suspect one)
    place     : city of `climate_normals`, or an economy code for its capital
    duty      : id of a packaged duty
    cooling   : none, air or liquid; the duty's usual one without it
    threshold : state of health at which the life ends; by assumption without it
    years     : how far to look
    """

    battery: str
    place: str
    duty: str
    cooling: str | None = None
    threshold: float | None = None
    years: int = 20


def checked_threshold(question: Question) -> float:
    """The threshold of a question; InputError if it, the horizon or the cooling cannot be."""
    if not 1 <= question.years <= LONGEST_YEARS:
        raise InputError(
            f"{question.years} years cannot be looked at.", "years", f"Give 1 to {LONGEST_YEARS} years."
        )
    threshold = assumption("retire_at").value if question.threshold is None else question.threshold
    if not 0.3 <= threshold <= 0.99:
        raise InputError(
            f"A life cannot end at a state of health of {threshold:g}.", "threshold", "Give 0.3 to 0.99."
        )
    if question.cooling is not None:
        pack_heat(duty(question.duty).thermal_pack, question.cooling)
    return threshold


def models_of(battery: str) -> tuple[AgeingModel, tuple[AgeingModel, ...], bool]:
    """The model for a chemistry or of an id, the others of its chemistry, and whether it is a proxy."""
    if battery in catalogue():
        model = ageing_model(battery)
        fit = [each for each in catalogue().values() if each.standing != "suspect"]
        alike = [m for m in fit if model.chemistry in m.stands_for and m.soh_of_new_at_start == 1]
        beside = model.soh_of_new_at_start == 1
        return model, tuple(m for m in alike if m.id != model.id) if beside else (), False
    group = ensemble(battery)
    return group.default, group.others, group.proxy


@lru_cache(maxsize=4)
def setting_of(duty_id: str, cooling: str | None, places: tuple[str, ...]) -> Setting:
    """A duty at places, kept for the next question. A place given twice stays twice."""
    return setting(places, duty_id, cooling)
