"""The notification (21 blocks) and the movement document (22 blocks), filled as far as the case is known.

Nothing is made up: a block that the case does not fill is marked to fill, or left to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from kitaran.foundation.errors import NotFoundError
from kitaran.law import tables
from kitaran.law.book import Book, packaged_book
from kitaran.law.decision import NOT_A_DETERMINATION, Decision
from kitaran.law.situation import Situation

FORMS = {
    "notification": "Notification document (Basel Convention Annex V A)",
    "movement": "Movement document (Basel Convention Annex V B)",
}
FILLED, TO_FILL, BY_OTHERS = "filled", "to fill", "left to the authority or facility"


@dataclass(frozen=True)
class Block:
    """One block: its number and title, what it asks, what is known, and its state."""

    block: str
    title: str
    asks: str
    value: str
    state: str
    completed_by: str
    source: str


@dataclass(frozen=True)
class Form:
    """A form with all its blocks."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    versions: str
    note: str = NOT_A_DETERMINATION

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "blocks": [asdict(block) for block in self.blocks]}


def form(name: str, decision: Decision, book: Book | None = None) -> Form:
    """A form for a decision. Raises NotFoundError for an unknown form."""
    if name not in FORMS:
        raise NotFoundError(f"There is no form {name!r}.", "form", f"Forms: {', '.join(FORMS)}.")
    book = book or packaged_book()
    situation = Situation(decision.case, book, book.at(decision.case.as_of, decision.known_on))
    known = _notification(decision, situation)
    if name == "movement":
        known = _movement(known)
    rows = tables.packaged_rows(f"{name}_blocks.csv")
    return Form(
        name,
        FORMS[name],
        tuple(_block(row, known.get(row["block"], "")) for row in rows),
        f"Rules {decision.rules_version}; facts {decision.facts_version}",
    )


def _block(row: Mapping[str, str], value: str) -> Block:
    others = any(who in row["completed_by"] for who in (*_filling()["by_authority"], "facility", "importer"))
    state = FILLED if value else BY_OTHERS if others else TO_FILL
    return Block(row["block"], row["title"], row["fields"], value, state, row["completed_by"], row["source"])


@lru_cache(maxsize=1)
def _filling() -> Mapping[str, Any]:
    filling: Mapping[str, Any] = tables.packaged_yaml("form_filling.yaml")
    return filling


def _notification(decision: Decision, situation: Situation) -> dict[str, str]:
    """Known values by the blocks of the notification."""
    facts, fill = decision.case.facts, _filling()
    purpose, kind = facts.get("purpose", ""), facts.get("item.kind", "")
    mass = facts.get("item.mass_kg")
    preconsented = {True: "yes", False: "no"}.get(facts.get("facility.preconsented", ""), "not known")
    aim = (
        "B(ii) recovery" if purpose in fill["recovery"] else "B(i) disposal" if purpose == "disposal" else ""
    )
    return {
        "3": f"{aim}; C pre-consented: {preconsented}" if aim else "",
        "5": f"{mass / 1000:g} t" if mass is not None else "",
        "6": f"first departure {decision.case.as_of}",
        "7": fill["packaging"].get(decision.transport.packing, ""),
        "8": f"means of transport {fill['transport'][facts['route.mode']]}" if "route.mode" in facts else "",
        "11": fill["operation"].get(purpose, ""),
        "12": " ".join(str(facts[name]).replace("_", " ") for name in _DESIGNATION if name in facts),
        "13": fill["physical"].get(kind, ""),
        "14": _identification(decision, situation),
        "15": _countries(decision, situation),
    }


_DESIGNATION = ("item.condition", "item.chemistry", "item.kind", "item.scrap_type")


def _identification(decision: Decision, situation: Situation) -> str:
    """Block 14: the codes (i) to (xii) that the case settles."""
    fill, group = _filling(), situation.value("item.group")
    goods = decision.transport.details
    unlisted = "not listed" if decision.status.startswith("waste") else "no code: not settled as waste"
    parts = [f"(i) {' or '.join(decision.basel_entry) or unlisted}"]
    if situation.value("route.eu") and decision.case.as_of >= str(fill["eu_list_from"]) and group:
        codes = fill["eu_list_fraction"] if situation.value("item.fraction") else fill["eu_list"]
        parts.append(f"(iii) {codes[group]}")
    if group:
        parts += [f"(vii) {fill['y_codes'][group]}", f"(viii) {fill['h_codes'][group]}"]
    if goods["class"]:
        parts += [f"(ix) {goods['class']}", f"(x) {goods['un']}", f"(xi) {goods['proper_shipping_name']}"]
    if group and situation.value("item.battery"):
        parts.append(f"(xii) {fill['hs'][group]}")
    return "; ".join(parts)


def _countries(decision: Decision, situation: Situation) -> str:
    facts, name = decision.case.facts, situation.book.country_name
    parts = [f"{role}: {name(facts[key])}" for role, key in _ENDS if key in facts]
    transit = [f"transit: {name(cc)}" for cc in facts.get("route.transit", ())]
    return "; ".join([*parts[:1], *transit, *parts[1:]])


_ENDS = (("export", "route.export"), ("import", "route.import"))


def _movement(known: Mapping[str, str]) -> dict[str, str]:
    """The same facts under the block numbers of the movement document."""
    same = {"5": "5", "7": "7", "8(a)-(c)": "8", "11": "11", "12": "12", "13": "13", "14": "14"}
    return {block: known[other] for block, other in same.items()} | {
        "6": known["6"].replace("first departure", "planned departure")
    }
