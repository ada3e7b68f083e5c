"""Every statement of the law's tables in one form: in words, where it stands, how sure it is, since when.

Terms, policies and targets have pages of their own; all other tables are read here. A table or column that is
new to this module still comes through: unknown fields count as background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from kitaran.law import Book, tables
from kitaran.law.records import FIRST_DAY, LAST_DAY, Agreement, Cited, Measure, Rule, Status
from kitaran.web.move.conditions import condition_words

STAGES = ("waste", "hazardous", "control", "transport", "papers", "policy", "background", "authority")
EVERYWHERE = "ALL"
PAPERS = "documents"  # its entries are named in decisions, so their ids stand alone
FROM_BOOK = ("measures.csv", "status.csv", "agreements.csv")
WITH_OWN_PAGE = ("definitions.csv", "working_definitions.csv", "policies.csv", "epr_targets.csv")
_FIELDS_OF_STAGE = {
    "waste": "def_waste conflicting_definitions remanufacturing_definition rcra_remanufacturing_exclusion"
    " remanufacturing_scope used_is_waste black_mass_standard black_mass_waste reuse_not_waste annex_xiv"
    " waste_indicator non_waste_condition definition circular_resource annex_IV",
    "hazardous": "def_hazardous_waste liion_hazard leadacid_hazard hazardous_groups non_hazardous_scrap"
    " annex_II annex_VIII annex_IX classification testing eu_waste_list y_codes",
    "control": "import_hazardous_waste import_used_batteries export_permit transit_rule basel_party"
    " ban_amendment annex_vii oecd waigani permit_always e_waste_by_national_law wsr_export_dates"
    " pic_time_limits parties scope prohibition procedure status",
    "transport": "transport_dg_law dangerous_goods",
    "papers": "documentation licence_recyclers traceability deadlines documents hs_codes operations"
    " form_codes paper_blocks papers",
    "policy": "epr_battery_ewaste second_life_standard ev_policy_battery_eol leadacid_rules"
    " eu_battery_regulation",
    "authority": "competent_authority authorities",
}
_STAGE_OF = {field: stage for stage, fields in _FIELDS_OF_STAGE.items() for field in fields.split()}
_COUNTRY_OF_REGIME = {"New Zealand": "NZ", "China": "CN", "EU": "EU", "Indonesia": "ID", "Thailand": "TH"}
_UNION_TABLES = ("eu_waste_list", "eu_battery_regulation")
_SHOWN_ELSEWHERE = frozenset(
    (
        *("id", "cc", "text", "cite", "source", "seen", "confidence", "field", "topic"),
        *("valid_from", "valid_to", "known_from", "known_to", "part", "fact", "width", "lines"),
    )
)


@dataclass(frozen=True)
class Statement:
    """One statement of law.

    places : country codes, or EVERYWHERE for conventions, guidelines and rules of every route
    field  : what it is about: name of a field, topic or effect
    details: the other cells of the row, for the reader
    """

    id: str
    table: str
    stage: str
    places: tuple[str, ...]
    field: str
    text: str
    details: tuple[tuple[str, str], ...]
    cite: str
    source: str
    seen: str
    confidence: str
    valid_from: str = ""
    valid_to: str = ""
    known_from: str = ""
    known_to: str = ""
    own: str = ""

    @property
    def slug(self) -> str:
        return slug(self.id)

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "places": list(self.places), "details": dict(self.details)}


def slug(name: str) -> str:
    """The id of a statement as it stands in an address."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-")


def statements(book: Book) -> tuple[Statement, ...]:
    """All statements, own facts of the book included."""
    return (
        *(_of_rule(rule) for rule in book.rules),
        *(_of_measure(row) for row in book.measures),
        *(_of_status(row) for row in book.statuses),
        *(_of_agreement(row) for row in book.agreements),
        *_others(),
    )


def _cited(row: Cited) -> dict[str, Any]:
    days = {name: getattr(row, name) for name in ("valid_from", "valid_to", "known_from", "known_to")}
    shown = {name: "" if day in (FIRST_DAY, LAST_DAY) else day for name, day in days.items()}
    return {
        **{name: getattr(row, name) for name in ("id", "cite", "source", "seen", "confidence")},
        **shown,
        "own": getattr(row, "own", ""),
    }


def _details(**cells: Any) -> tuple[tuple[str, str], ...]:
    """Cells that hold something, in plain text."""
    found = []
    for name, value in cells.items():
        text = ", ".join(sorted(value)) if isinstance(value, frozenset) else value
        text = ", ".join(map(str, text)) if isinstance(text, tuple | list) else text
        if text not in (None, "", False):
            found.append((name, str(text)))
    return tuple(found)


def _of_rule(rule: Rule) -> Statement:
    then = {name: value for name, value in rule.then.items() if value not in ("", [])}
    return Statement(
        table=f"rules_{rule.stage}",
        stage=rule.stage,
        places=(rule.jurisdiction or EVERYWHERE,),
        field="rule",
        text=rule.text,
        details=_details(
            when=condition_words(rule.stage, rule.id),
            then="; ".join(f"{name}: {_joined(value)}" for name, value in then.items()),
            proofs=rule.proofs,
            question=rule.question,
            settles=rule.settles,
        ),
        **_cited(rule),
    )


def _of_measure(row: Measure) -> Statement:
    return Statement(
        table="measures",
        stage="control",
        places=(row.cc,),
        field=f"{row.role}.{_effect(row)}",
        text=row.text,
        details=_details(
            applies_to=row.applies_to,
            kinds=row.kinds,
            groups=row.groups,
            purposes=row.purposes,
            when=row.when,
            permit=row.permit,
            days=row.days,
            cleared_by=row.cleared_by,
            question=row.question,
            authority=row.authority,
            settles=row.settles,
        ),
        **_cited(row),
    )


def _effect(row: Measure) -> str:
    """A note without a question bars nothing and asks nothing."""
    return "free" if row.effect == "note" and not row.question else row.effect


def _of_status(row: Status) -> Statement:
    return Statement(
        table="status",
        stage=_STAGE_OF.get(row.field, "background"),
        places=(EVERYWHERE if row.cc == "OECD" else row.cc,),
        field=row.field,
        text=row.value.replace("|", ", "),
        details=_details(note=row.text),
        **_cited(row),
    )


def _of_agreement(row: Agreement) -> Statement:
    return Statement(
        table="agreements",
        stage="control",
        places=(row.exporter, row.importer),
        field="agreement",
        text=row.text,
        details=_details(exporter=row.exporter, importer=row.importer),
        **_cited(row),
    )


@lru_cache(maxsize=1)
def _others() -> tuple[Statement, ...]:
    """The statements of every packaged table that is not in the book and has no page of its own."""
    found: list[Statement] = []
    for name in tables.packaged_names():
        table, _, kind = name.partition(".")
        if kind == "csv" and name not in (*FROM_BOOK, *WITH_OWN_PAGE, "sources.csv"):
            rows = tables.packaged_rows(name)
            found += [_of_row(table, row) for row in rows if "source" in row]
        elif kind == "yaml" and not table.startswith("rules_"):
            path = "" if table == PAPERS else table
            found += [_of_row(table, row) for row in _cited_entries(tables.packaged_yaml(name), path)]
    return tuple(found)


def _cited_entries(content: Any, path: str) -> Iterator[dict[str, str]]:
    """Entries of a YAML table that carry a source, however deep they lie, each under its path."""
    children: Mapping[Any, Any] = content if isinstance(content, Mapping) else {}
    if isinstance(content, list):
        children = dict(enumerate(content, 1))
    for name, entry in children.items():
        here = f"{path}.{name}" if path else str(name)
        if isinstance(entry, Mapping) and "source" in entry:
            plain = {key: _joined(value) for key, value in entry.items() if not isinstance(value, Mapping)}
            yield {**plain, "id": here}
        yield from _cited_entries(entry, here)


def _of_row(table: str, row: Mapping[str, str]) -> Statement:
    field = row.get("field") or row.get("topic") or table
    stage = _STAGE_OF.get(field) or _STAGE_OF.get(table, "background")
    told = next((row[name] for name in ("text", "body", "title", "label", "step") if row.get(name)), "")
    heads = ("list", "code", "hs", "block", "subject", "regime", "article", "key")
    head = [row[name] for name in heads if row.get(name)]
    cells = {
        name: value
        for name, value in row.items()
        if name not in _SHOWN_ELSEWHERE and name not in heads and value and value != told
    }
    return Statement(
        id=row.get("id") or _made_id(table, row),
        table=table,
        stage=stage,
        places=(_place(table, row),),
        field=field,
        text=": ".join([*[" ".join(head)] * bool(head), told]),
        details=_details(**cells),
        cite=row.get("cite") or row.get("article") or "",
        source=row.get("source", ""),
        seen=row.get("seen", ""),
        confidence=row.get("confidence", ""),
        valid_from=row.get("valid_from") or row.get("in_force") or "",
        valid_to=row.get("valid_to", ""),
    )


def _made_id(table: str, row: Mapping[str, str]) -> str:
    """A name for a row of a table without ids: the table and what tells the row apart."""
    parts = [row[name] for name in ("cc", "short", "list", "code", "hs", "block") if row.get(name)]
    return ".".join([table, *parts])


def _place(table: str, row: Mapping[str, str]) -> str:
    if table in _UNION_TABLES:
        return "EU"
    place = row.get("cc") or _COUNTRY_OF_REGIME.get(row.get("regime", ""), EVERYWHERE)
    return EVERYWHERE if place in ("BASEL", "WAIGANI", "OECD") else place


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
