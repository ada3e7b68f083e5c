"""Triage in words: safe or not, what was seen, health, what it is fit for, ways and their worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kitaran.planning.market.valuation.currency import Rate
from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.lifetime.words import duty_words, percent

Answer = Mapping[str, Any]
_LEAST_RISK = 0.01
TONES = {"unsafe": "wrong", "safe": "done", "not_inspected": "warn"}


def safety_words(verdict: str) -> str:
    """The first and largest words of the answer."""
    return {
        "unsafe": _("Not safe"),
        "safe": _("Looks safe"),
        "not_inspected": _("Not looked at yet"),
    }[verdict]


def safety_says(verdict: str) -> str:
    """What the verdict means."""
    return {
        "unsafe": _("Stop. Test nothing, move it as little as you can."),
        "safe": _("None of the signs of danger was seen."),
        "not_inspected": _("Look for every sign of danger before you use, move or open it."),
    }[verdict]


def sign_words() -> dict[str, str]:
    """Signs of danger, as questions of the form."""
    return {
        "swollen": _("Swollen"),
        "leaked": _("Leaked, or smells of solvent"),
        "vented": _("Vented, soot or burnt marks"),
        "water": _("Was flooded or is wet inside"),
        "crash": _("From a crash, dropped or dented"),
        "undiagnosable": _("Nobody can tell its state"),
    }


def measured_words() -> dict[str, str]:
    """What was seen and measured, by column of a file of tests; voltages keep their names."""
    return sign_words() | {
        "chemistry": _("Chemistry"),
        "q_nominal_ah": _("Capacity on the label, Ah"),
        "nominal_v": _("Voltage on the label, V"),
        "capacity_test_ah": _("Full capacity test, Ah"),
        "insulation_mohm": _("Insulation, MΩ"),
        "spread_mv": _("Highest less lowest cell, mV"),
        "pulse_s": _("Length of a pulse, s"),
        "soc_pct": _("Ampere-hours in it over nominal, percent"),
    }


def danger_words() -> dict[str, str]:
    """Why a sign is a danger."""
    return {
        "swollen": _("It is swollen: gas has formed inside."),
        "leaked": _("It has leaked: electrolyte burns and poisons."),
        "vented": _("It has vented: it was in thermal runaway or near it."),
        "water": _("Water got in: corrosion and short circuits follow late."),
        "crash": _("It was in a crash: harm inside cannot be seen."),
        "undiagnosable": _("Nobody can tell its state: it is treated as damaged."),
        "insulation": _("Its insulation resistance is too low: the case may be live."),
    }


def instructions() -> list[str]:
    """What to do with a battery that is not safe."""
    return [
        _("Do not charge, discharge, open or stack it."),
        _("Keep people away. Put it outside or in a fireproof container, far from anything that burns."),
        _("Watch its temperature, also during the next days."),
        _("Call whoever is trained for damaged batteries."),
        _("It travels only as damaged (special provision 376), and never by air."),
    ]


def grade_words(letter: str) -> str:
    """What its health, or the lack of it, lets it do."""
    return {
        "reuse": _("Fit for use as before"),
        "repurpose": _("Fit for a gentler second use"),
        "recycle": _("Too worn for a second use"),
        "test": _("Needs a full capacity test"),
        "quarantine": _("Set apart"),
    }[letter]


def way_words(route: str) -> str:
    """A way in words."""
    kind, _colon, use = route.partition(":")
    if use and kind == "recycle":
        return _("Recycling: %(process)s") % {"process": process_words(use)}
    if use:
        return _("Second life: %(use)s") % {"use": duty_words(use)}
    return {
        "reuse": _("Use as before"),
        "refurbish": _("Refurbish, then use as before"),
        "repurpose": _("Second life"),
        "recycle": _("Recycling"),
        "test": _("Test first"),
        "quarantine": _("Set apart, then recycling as damaged"),
    }[kind]


def process_words(process: str) -> str:
    """A process of recycling, in the short words of a table."""
    return {
        "hydrometallurgical": _("hydrometallurgical"),
        "pyrometallurgical": _("pyrometallurgical"),
        "direct": _("direct"),
    }.get(process, process)


def untested_words() -> dict[str, str]:
    """What nobody tested, and why it matters."""
    return {
        "inspection": _("Nobody looked for signs of danger."),
        "insulation": _("Its insulation was not measured: the case may be live."),
        "cell_spread": _("The spread of its cells was not measured: one weak cell ends it early."),
        "capacity": _("No full capacity test was made: health is an estimate."),
        "inside": _("Heat and abuse of its past leave harm inside that no short test shows."),
    }


def barred_words(way: Answer, answer: Answer) -> str:
    """Why a way is closed, or on what it is open."""
    if way["asks_for"] is None or answer["soh_low"] is None:
        return ""
    said = {"asked": percent(way["asks_for"]), "low": percent(answer["soh_low"])}
    if answer["soh_low"] < way["asks_for"]:
        return _("It asks for at least %(asked)s; its health may be as low as %(low)s.") % said
    if not way["allowed"]:
        return _("Barred, though its health would do.")
    return _("It asks for at least %(asked)s; its health is at least %(low)s, 19 times in 20.") % said


def open_words(way: Answer) -> str:
    """Whether a way is open to the battery, or only shown."""
    if not way["allowed"]:
        return _("no")
    return _("yes") if way["may_be_best"] else _("only shown")


def risk_words(way: Answer) -> str:
    """The chance that health is below what the way asks for."""
    if way["risk_below"] is None:
        return ""
    if way["risk_below"] < _LEAST_RISK:
        return _("less than %(share)s") % {"share": percent(_LEAST_RISK)}
    return percent(way["risk_below"])


def state_words() -> dict[str, str]:
    """Whether a recorded result counts."""
    return {
        "stands": _("stands"),
        "disputed": _("disputed"),
        "superseded": _("superseded by a newer test"),
        "set_aside": _("set aside"),
    }


def outcome_words() -> dict[str, str]:
    """How a dispute ended."""
    return {
        "withdrawn": _("Withdrawn."),
        "upheld": _("Upheld: the result counts no more."),
        "rejected": _("Rejected: the result stands."),
        "superseded": _("Answered by a new test."),
    }


def law_words(way: Answer) -> str:
    """Product or waste, as far as the rules settle it."""
    return {
        "product": _("a product"),
        "used_non_waste": _("used, and not waste"),
        "waste_hazardous": _("hazardous waste"),
        "waste_non_hazardous": _("waste, not hazardous"),
        "undetermined": _("not settled whether product or waste"),
    }.get(way["legal_status"] or "", "")


def health_words(answer: Answer) -> str:
    """Health with its interval."""
    if answer["soh"] is None:
        return _("not known")
    low, high = percent(answer["soh_low"]), percent(answer["soh_high"])
    return _("%(soh)s (%(low)s to %(high)s)") % {"soh": percent(answer["soh"]), "low": low, "high": high}


def reasons(answer: Answer) -> Iterator[str]:
    """Why it is graded as it is."""
    letter = answer["grade"]
    if letter == "quarantine":
        return
    if letter == "test":
        yield _("Its health cannot be told from what was given.")
        return
    said = {"low": percent(answer["soh_low"]), "high": percent(answer["soh_high"])}
    yield _("9 times in 10 its health is between %(low)s and %(high)s; it is judged by %(low)s.") % said
    asked = {way["route"].partition(":")[0]: way["asks_for"] for way in _by_demand(answer)}
    limits = {"reuse": percent(asked["reuse"]), "second": percent(asked["repurpose"])}
    yield {
        "reuse": _("Use as before asks for at least %(reuse)s.") % limits,
        "repurpose": _("Use as before asks for %(reuse)s, a second use for %(second)s.") % limits,
        "recycle": _("A second use asks for at least %(second)s.") % limits,
    }[letter]
    yield {
        "capacity_test": _("Its capacity was measured."),
        "pulse": _("Health is estimated from the pulse test."),
        "pulse_ampere_hours": _("Health is estimated from the pulse test and the ampere-hours in it."),
    }[answer["method"]]


def _by_demand(answer: Answer) -> list[Answer]:
    """Ways that ask for health, the least demanding of each kind last."""
    asking = [way for way in (answer, *answer["alternatives"]) if way["asks_for"] is not None]
    return sorted(asking, key=lambda way: -way["asks_for"])


def years_words(way: Answer) -> str:
    """Years that a battery lasts in a use, with their interval."""
    if way["years"] is None:
        return ""
    middle, low, high = (figure(way[name], 2) for name in ("years", "years_low", "years_high"))
    if way["years_low"] > 0 and low == high:
        return _("%(years)s or more") % {"years": low}
    return _("%(years)s (%(low)s to %(high)s)") % {"years": middle, "low": low, "high": high}


def money(usd: float | None, rate: Rate | None) -> str:
    """An amount in the currency of the place, or in dollars if there is no rate."""
    if usd is None:
        return ""
    if rate is None:
        return f"{figure(usd, 2)}\u00a0USD"
    return f"{figure(usd * rate.per_usd, 2)}\u00a0{rate.currency}"
