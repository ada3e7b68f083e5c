"""What is still open: questions to authorities, and facts of the case that could change the answer."""

from __future__ import annotations

from kitaran.law.consents import PREFIX
from kitaran.law.control import Control
from kitaran.law.reasons import Question, ask, ask_measure
from kitaran.law.records import Cited
from kitaran.law.situation import FACTS, Situation
from kitaran.law.transport import Transport
from kitaran.law.waste import Finding

# the fact of the case behind a derived name
_BEHIND = {
    "item.group": ("item.kind", "item.chemistry"),
    "item.battery": ("item.kind",),
    "item.article": ("item.kind",),
    "item.unsorted": ("item.kind", "item.chemistry"),
    "item.fraction": ("item.kind", "item.condition"),
    "item.ewaste_form": ("item.kind", "item.condition"),
    "item.used": ("item.condition",),
    "item.cadmium": ("item.chemistry",),
    "item.lithium_metal": ("item.chemistry",),
    "goods.damaged": ("item.condition", "item.diagnosable"),
    "goods.energy_kwh": ("item.energy_kwh",),
    "item.sound": ("item.condition",),
    "hazard.negative": ("hazard.annex_i", "hazard.annex_iii"),
    "hazard.positive": ("hazard.annex_i", "hazard.annex_iii"),
    "route.domestic": ("route.export", "route.import"),
    "import.outside_annex_vii": ("route.import",),
    "import.annex_vii": ("route.import",),
    "export.annex_vii": ("route.export",),
    "import.outside_oecd": ("route.import",),
    "route.uncircular": ("item.condition",),
    "route.eu_refurbish": ("purpose", "item.kind"),
    "item.cells": ("item.kind",),
}
# what a person can be asked: the facts of the case, not what is derived from them or settled by a stage
ASKED = frozenset(FACTS)
_FIELDS = {
    ("export", True): "export_permit",
    ("export", False): "export_permit",
    ("transit", True): "transit_rule",
    ("transit", False): "transit_rule",
    ("import", True): "import_hazardous_waste",
    ("import", False): "import_used_batteries",
}
_CONSENT = Cited(
    id="C34",
    text="",
    cite="Basel Convention Art 6(2), 6(4)",
    source="S-LAWIN-ART6",
    seen="primary",
    confidence="high",
)
_POSITION = Cited(
    id="W01",
    text="",
    cite="UNEP/CHW.16/INF/10/Rev.1 para 29",
    source="S-DEX-STATUS",
    seen="secondary",
    confidence="medium",
)


def all_questions(situation: Situation, finding: Finding, control: Control) -> tuple[Question, ...]:
    """Questions to authorities, those that decide first. A movement that is barred leaves none."""
    if control.movement in ("forbidden", "permitted_domestic_rules"):
        return ()
    hits = control.hits
    questions = list(control.questions)
    questions += [
        ask_measure(situation, measure, decides=False)
        for measure in (*hits.opens, *hits.lacking, *hits.notes)
        if measure.question
    ]
    questions += _consents(situation, control)
    questions += _gaps(situation, finding, {(q.country, q.authority) for q in questions})
    if finding.status in ("used_non_waste", "undetermined") and control.movement != "escalate":
        questions += _positions(situation)
    return tuple({(q.country, q.question): q for q in reversed(questions)}.values())[::-1]


def _gaps(situation: Situation, finding: Finding, asked: set[tuple[str, str]]) -> list[Question]:
    """A law field that was looked for and not found is a question, never a stop."""
    waste = finding.status.startswith("waste")
    if finding.status == "product":
        return []
    facts = situation.facts
    roles = [(facts.get("route.export"), "export"), (facts.get("route.import"), "import")]
    roles += [(cc, "transit") for cc in facts.get("route.transit") or ()]
    countries = {country for country, _ in asked}
    found = []
    for cc, role in roles:
        if cc is None or cc in countries or (role != "import" and not waste):
            continue
        for row in situation.book.gaps.get((cc, _FIELDS[role, waste]), ()):
            if row["text"].startswith("not found"):
                thing = "waste batteries" if waste else "used batteries"
                cited = Cited(
                    id=row["id"],
                    text=row["text"],
                    cite=row["cite"] or "no instrument found",
                    source=row["source"],
                    seen=row["seen"],
                    confidence=row["confidence"],
                )
                found.append(ask(situation, cc, cited, f"which rule applies to the {role} of {thing}?"))
    return found


def _consents(situation: Situation, control: Control) -> list[Question]:
    """A consent that lacks is asked for at the authority that gives it."""
    return [
        ask(
            situation,
            name.removeprefix(PREFIX),
            _CONSENT,
            "is written consent given for this movement, for how much, and until when?",
            settles="The written consent with its mass and its last day",
        )
        for name in control.missing
        if name.startswith(PREFIX)
    ]


def _positions(situation: Situation) -> list[Question]:
    """An unknown national position is a question: one State that calls it waste is enough."""
    return [
        ask(
            situation,
            cc,
            _POSITION,
            "does your State treat this item, with these papers, as waste?",
            settles="A position in writing",
        )
        for cc in situation.states
        if situation.position(cc) is None
    ]


def facts_to_ask(
    situation: Situation, finding: Finding, control: Control, transport: Transport
) -> tuple[str, ...]:
    """Facts of the case that are unknown and stand in a rule that could not be decided."""
    rules = (*finding.undecided, *control.undecided, *transport.undecided)
    names = [name for rule in rules for name in sorted(rule.names)]
    for measure in control.hits.unsettled:
        names += list(measure.needs)
        names += [
            name
            for name, wanted in (
                ("item.kind", measure.kinds or measure.groups),
                ("item.chemistry", measure.groups),
                ("purpose", measure.purposes),
            )
            if wanted
        ]
    facts = [fact for name in names for fact in _BEHIND.get(name, (name,))]
    if "route.transit" not in situation.facts and control.movement != "forbidden":
        facts.append("route.transit")
    return tuple(dict.fromkeys(fact for fact in facts if fact in ASKED and fact not in situation.facts))
