"""What a known reader sees of one battery beyond its model: health, life left, whose it is, its history.

Each part is there only if its noun shows it to the reader: readings by the passport's audiences, custody and
lineage by the windows of custody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.registry.movement import carried
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage import standing
from kitaran.web.battery import history, words
from kitaran.web.battery import life as battery_life
from kitaran.web.battery.charts import health_chart, lineage_picture
from kitaran.web.battery.health import health_of
from kitaran.web.language import gettext as _
from kitaran.web.movements import words as movements_words

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = dict[str, Any]
NO_TESTS: Final[Mapping[str, bool]] = {"read": False, "record": False}
_SHORT: Final = 13


def facts_of(
    connection: Connection,
    passport: Mapping[str, Any],
    caller: Operator,
    query: Mapping[str, str],
    overrides: Path,
) -> Facts:
    """Parts for this reader: `history`, and `health`, `remaining_life`, `worth`, `custody`, `lineage`,
    `shipments` where it may read them.

    passport  : what the passport shows to it
    query     : `place` and `duty`, chosen by the reader
    overrides : folder of the workspace's own rows
    """
    item = item_of(passport["id"])
    found = history.custody_of_item(connection, item, caller)
    told = history.timeline(connection, item, caller, passport.get("timeline", []), found)
    lines = history.with_passports(
        history.lineage_of_item(connection, item, caller),
        passport["id"],
        passport.get("predecessor"),
        passport.get("successor"),
        told,
    )
    more: Facts = {"history": told} if told else {}
    if answers := passport["attributes"].get("responsible_operator", {}).get("value"):
        more["operator_name"] = parties.names_of(connection, [answers]).get(answers)
    if found is not None:
        sides = [found[side] for side in ("holder", "owner") if found[side]]
        more["custody"] = history.present(found, parties.names_of(connection, sides))
    if moved := carried.of_battery(connection, item, caller):
        more["shipments"] = moved
    if lines is not None:
        nodes = {edge[end] for way in ("up", "down") for edge in lines[way] for end in ("source", "product")}
        more["lineage"] = {**lines, "with_passport": history.with_page(connection, nodes, caller)}
    if "readings" in passport:
        health = health_of(passport["readings"], passport["rated"])
        life = _life(connection, passport, health, found, query)
        more |= {"health": health, "remaining_life": life}
        if health is not None and life["missing"] != battery_life.OUT_OF_USE:
            more["worth"] = _worth(passport, health, life, overrides)
    return more


def _worth(
    passport: Mapping[str, Any], health: Mapping[str, Any], life: Mapping[str, Any], overrides: Path
) -> Facts | None:
    """What it may be worth where its life is told."""
    from kitaran.web.battery.worth import worth_of

    told = {name: one["value"] for name, one in passport["attributes"].items()}
    energy = passport["rated"]["rated_energy_kwh"]
    return worth_of(told, energy, health["latest"], str(life["place"] or ""), overrides)


def tests_of(connection: Connection, battery: str, caller: Operator) -> Mapping[str, bool]:
    """Whether the reader may open what was recorded of tests, and record one."""
    at = now()
    return {
        "read": standing.may_read(connection, battery, caller, at),
        "record": standing.may_record(connection, battery, caller.id, at),
    }


def _life(
    connection: Connection,
    passport: Mapping[str, Any],
    health: Facts | None,
    found: Mapping[str, Any] | None,
    query: Mapping[str, str],
) -> Facts:
    if battery_life.out_of_use(passport, found):
        return {"missing": battery_life.OUT_OF_USE}
    told = {name: one["value"] for name, one in passport["attributes"].items()}
    usual = battery_life.USUAL_USE.get(told.get("category", ""), "private_two_wheeler")
    if told.get("battery_status") == "repurposed":
        usual = battery_life.AFTER_REPURPOSING
    known, why = _place(connection, passport, found)
    place, duty = query.get("place", "").strip() or known, query.get("duty", "").strip() or usual
    begun = told.get("put_into_service_on") or told.get("manufactured_on")
    life = battery_life.life_of(health, told.get("chemistry", ""), place, duty, begun)
    return {**life, "place_from": "reader" if query.get("place") else why}


def _place(
    connection: Connection, passport: Mapping[str, Any], found: Mapping[str, Any] | None
) -> tuple[str, str | None]:
    """Economy whose climate counts unless the reader chooses: that of the facility that took the battery in
    last, else of who has it, else of who answers for its passport; and which of these it is.
    """
    at = datetime.fromisoformat(passport["issued_at"])
    for event in reversed(found["events"] if found is not None else []):
        named = event["payload"].get("facility")
        if named and (facility := facilities.facility(connection, named, at)) is not None:
            economy = facility.description.get("economy")
            if economy:
                return str(economy), "facility"
    holder = found["holder"] if found is not None else None
    for operator, why in ((holder, "holder"), (passport.get("operator"), "operator")):
        one = None if operator is None else parties.operator(connection, operator, at)
        if one is not None and one.economy:
            return one.economy, why
    return "", None


def shown(facts: Mapping[str, Any]) -> Facts:
    """Pictures and words of these parts for the page; only what stands there needs them."""
    health, lines, life = facts.get("health"), facts.get("lineage"), facts.get("remaining_life")
    worth = facts.get("worth")
    found: Facts = {
        "chart": None,
        "family_picture": None,
        "places": [],
        "duties": [],
        "missing_words": words.missing_words(),
        "basis_words": words.basis_words(),
        "custody_words": words.custody_words(),
        "signed_words": words.signed_words(),
        "late_words": words.late_words(),
        "ended_words": words.ended_words(),
        "movement_words": movements_words.state_words(),
        "worth_words": None,
        "short": _short,
        "place_words": place_words(None if life is None else life.get("place_from")),
    }
    if health is not None:
        from kitaran.planning.lifetime.assumptions import assumption

        found["chart"] = health_chart(health["points"], assumption("retire_at").value)
    if worth is not None:
        from kitaran.web.battery.worth import worth_words

        found["worth_words"] = worth_words(worth)
    if lines is not None:
        found["family_picture"] = lineage_picture(item_of(str(facts["id"])), lines["up"], lines["down"])
    if life is not None and health is not None:
        found |= _choices(life)
    return found


def _choices(life: Mapping[str, Any]) -> Facts:
    """Places and uses of the form, and the answer in words."""
    from kitaran.reference import economies
    from kitaran.web.lifetime.form import duty_options
    from kitaran.web.lifetime.words import duty_words

    if "place" not in life:
        return {}
    known: Callable[[str], str] = {one.code: one.name for one in economies()}.get  # type: ignore[assignment]
    places = sorted(((one.code, one.name) for one in economies()), key=lambda pair: pair[1])
    chosen = str(life["place"] or "")
    if chosen and known(chosen) is None:
        places.insert(0, (chosen, chosen))
    return {"places": places, "duties": duty_options(), "duty_name": duty_words(str(life["duty"]))}


def _short(item: str) -> str:
    """An item's id as it fits into a box of the picture."""
    bare = item.rpartition("/")[2]
    return bare if len(bare) <= _SHORT else bare[: _SHORT - 5] + "…" + bare[-4:]


def place_words(why: str | None) -> str:
    """From where the place of the climate is known."""
    return {
        "facility": _("where the facility is that had it last"),
        "holder": _("where its holder is registered"),
        "operator": _("where the operator is registered that answers for it"),
        "reader": _("as you chose"),
    }.get(why or "", "")
