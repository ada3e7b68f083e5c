"""Stage 3: may it cross, and by which procedure?

In the law's order: stops (a consent cannot cure them), questions that a stop leaves open, then the procedure
with its consents and permits. A stop fires only when it is true; one that is unknown is shown as a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kitaran.law.clocks import decision_period
from kitaran.law.consents import consent_of, ground
from kitaran.law.measures import Hits, find_measures, missing_id
from kitaran.law.reasons import Question, ask, ask_measure, ask_rule, reason, status_rows
from kitaran.law.records import Measure, Rule
from kitaran.law.route_facts import law_unknown_in, party_unknown_in
from kitaran.law.situation import Situation
from kitaran.law.waste import Finding


@dataclass(slots=True)
class Control:
    """The movement, its procedure, what lacks, the reasons and the questions on which it hangs."""

    movement: str
    procedure: str
    missing: tuple[str, ...] = ()
    reasons: list[dict[str, str]] = field(default_factory=list)
    questions: tuple[Question, ...] = ()
    hits: Hits = field(default_factory=Hits)
    undecided: tuple[Rule, ...] = ()
    period: str | None = None


def find_control(situation: Situation, finding: Finding) -> Control:
    """May it move, given its status? In order: forbidden, ask, papers lack, consents lack, may move."""
    hits = find_measures(situation, finding.status)
    settled = finding.status != "undetermined"
    situation.settle("measures.bar", bool(hits.bars))
    situation.settle("measures.open", settled and bool(hits.opens))
    stops: list[Rule] = []
    asking: list[Rule] = []
    undecided: list[Rule] = []
    for rule in situation.law.rules["control"]:
        truth = rule.condition(situation.value)
        movement = rule.then["movement"]
        if truth is None and not rule.unknown_is_no:
            undecided.append(rule)
            if movement == "permitted_domestic_rules" and _ends_known(situation):
                return Control(
                    "blocked_missing_evidence",
                    "undetermined",
                    finding.missing,
                    [reason("control", rule, f"Not decided: {rule.text}")],
                    hits=hits,
                    undecided=tuple(undecided),
                )
        elif truth and movement == "permitted_domestic_rules":
            return Control(movement, rule.then["procedure"], reasons=[reason("control", rule)], hits=hits)
        elif truth and movement == "forbidden":
            stops.append(rule)
        elif truth and movement == "escalate":
            asking.append(rule)
        elif truth:
            break
    if stops:
        return _forbidden(situation, stops, hits)
    if asking or finding.questions:
        return _escalated(situation, finding, asking, hits)
    if not settled or not truth or not _ends_known(situation):
        return Control(
            "blocked_missing_evidence", "undetermined", finding.missing, hits=hits, undecided=tuple(undecided)
        )
    return _procedure(situation, rule, hits, tuple(undecided))


def _forbidden(situation: Situation, stops: list[Rule], hits: Hits) -> Control:
    reasons = _told(situation, hits.bars)
    for rule in stops:
        reasons += _grounds(situation, rule)
    reasons += _other_way(situation, stops, hits)
    return Control("forbidden", "none", reasons=reasons, hits=hits)


def _other_way(situation: Situation, stops: list[Rule], hits: Hits) -> list[dict[str, str]]:
    """Where only States on the way bar it, another route may be open."""
    if len(stops) != 1 or not hits.bars or any(bar.role != "transit" for bar in hits.bars):
        return []
    names = " and ".join(dict.fromkeys(situation.book.country_name(bar.cc) for bar in hits.bars))
    return [
        reason("control", hits.bars[0], f"Only the way over {names} is barred: another route may be open")
    ]


def _told(situation: Situation, rows: Iterable[Measure]) -> list[dict[str, str]]:
    """Measures as reasons, each under the name of its State."""
    return [reason("control", row, f"{situation.book.country_name(row.cc)}: {row.text}") for row in rows]


def _grounds(situation: Situation, rule: Rule) -> list[dict[str, str]]:
    """A stop with the dated facts on which it stands."""
    reasons = [reason("control", rule)]
    if "export.ban_amendment" in rule.names:
        exporter = (situation.facts["route.export"],)
        reasons += [
            reason("control", row, f"{situation.book.country_name(row.cc)} ratified the Ban Amendment")
            for row in status_rows(situation, "ban_amendment", exporter)
        ]
    if "route.party_with_non_party" in rule.names:
        reasons += [
            reason(
                "control", row, f"{situation.book.country_name(row.cc)}: Party to the Convention: {row.value}"
            )
            for row in status_rows(situation, "basel_party", situation.states)
        ]
    return reasons


def _escalated(situation: Situation, finding: Finding, asking: list[Rule], hits: Hits) -> Control:
    reasons = [reason("control", rule) for rule in asking]
    questions = list(finding.questions)
    for rule in asking:
        questions += _questions(situation, rule, hits)
        if "measures.open" in rule.names:
            reasons += _told(situation, hits.opens)
    reasons += _told(situation, hits.lacking)
    return Control("escalate", "undetermined", reasons=reasons, questions=tuple(questions), hits=hits)


def _questions(situation: Situation, rule: Rule, hits: Hits) -> tuple[Question, ...]:
    if "measures.open" in rule.names:
        return tuple(ask_measure(situation, measure, decides=True) for measure in hits.opens)
    if "route.law_unknown" in rule.names:
        return tuple(
            ask(
                situation,
                cc,
                rule,
                "which law applies to the import, export or transit of this item, and may it move?",
                settles="The rule, entered as own facts; or a consent in writing",
                decides=True,
            )
            for cc in law_unknown_in(situation)
        )
    return ask_rule(situation, rule, _asked(situation, rule))


def _asked(situation: Situation, rule: Rule) -> tuple[str, ...]:
    """The States to which a rule of this stage puts its question."""
    named = rule.asks["jurisdiction"]
    if named == "party_unknown":
        return party_unknown_in(situation)
    if named == "unconsented":
        return _unconsented(situation)
    if named in ("import", "export"):
        return (situation.facts[f"route.{named}"],)
    return (named,)


def _unconsented(situation: Situation) -> tuple[str, ...]:
    return tuple(cc for cc in _concerned(situation) if not situation.consented(cc))


def _concerned(situation: Situation) -> tuple[str, ...]:
    """The States whose consent counts: export, import, then transit."""
    facts = situation.facts
    return tuple(
        dict.fromkeys((facts["route.export"], facts["route.import"], *(facts.get("route.transit") or ())))
    )


def _procedure(situation: Situation, rule: Rule, hits: Hits, undecided: tuple[Rule, ...]) -> Control:
    """Consents and permits under the procedure that holds."""
    wanted, procedure = rule.then["movement"], rule.then["procedure"]
    lacking = tuple(missing_id(measure) for measure in hits.lacking)
    consents = _consents_lacking(situation, wanted, procedure)
    reasons = [reason("control", rule), *_told(situation, (*hits.permits, *hits.lacking, *hits.cleared))]
    if wanted == "consent_or_ask":
        procedure = "none"
        if consents:
            questions = ask_rule(situation, rule, _asked(situation, rule))
            return Control("escalate", "undetermined", reasons=reasons, questions=questions, hits=hits)
    reasons += _spoilt(situation, consents)
    missing = (*(f"consent_{cc}" for cc in consents), *lacking)
    movement = "permitted" if wanted == "permitted" else "permitted_with_consent"
    if missing:
        movement = "blocked_pending_consent"
    elif hits.unsettled or undecided or not _route_known(situation):
        return Control(
            "blocked_missing_evidence", "undetermined", reasons=reasons, hits=hits, undecided=undecided
        )
    return Control(
        movement,
        procedure,
        missing,
        reasons,
        hits=hits,
        undecided=undecided,
        period=decision_period(situation, procedure),
    )


def _spoilt(situation: Situation, states: Iterable[str]) -> list[dict[str, str]]:
    """Consents that were given and do not count for this load: run out, or for less mass."""
    found = [(cc, consent_of(situation, cc)) for cc in states]
    return [reason("control", ground(situation, cc, consent)) for cc, consent in found if consent.why]


def _consents_lacking(situation: Situation, wanted: str, procedure: str) -> tuple[str, ...]:
    if wanted != "permitted":
        return _unconsented(situation)
    if procedure != "oecd_green":
        return ()
    return tuple(cc for cc in _unconsented(situation) if situation.status(cc, "permit_always") == "yes")


def _ends_known(situation: Situation) -> bool:
    return "route.export" in situation.facts and "route.import" in situation.facts


def _route_known(situation: Situation) -> bool:
    return "route.transit" in situation.facts
