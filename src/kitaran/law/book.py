"""The law book: all rules and dated facts, and what of them holds on a day as known on another day."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from kitaran.foundation.errors import InputError
from kitaran.law import own_facts, tables
from kitaran.law.records import (
    FIRST_DAY,
    LAST_DAY,
    Agreement,
    Authority,
    Dated,
    Measure,
    Rule,
    Source,
    Status,
)
from kitaran.law.rows import read_agreement, read_measure, read_rule, read_status

_Row = TypeVar("_Row", bound=Dated)
STAGES = ("waste", "hazardous", "control", "transport")
# The tables by which a case is decided and explained; those of forms, sheets and titles change no answer.
FACT_TABLES = (
    *("agreements.csv", "authorities.csv", "countries.csv", "deadlines.csv", "documents.yaml"),
    *("measures.csv", "national_law.csv", "status.csv", "vocabulary.yaml"),
)


@dataclass(frozen=True)
class Law:
    """What holds for one day of departure, as known on one day."""

    rules: Mapping[str, tuple[Rule, ...]]
    steps: Mapping[str, tuple[Rule, ...]]
    measures: Mapping[tuple[str, str], tuple[Measure, ...]]
    status: Mapping[tuple[str, str], Status]
    agreements: Mapping[tuple[str, str], Agreement]


@dataclass(frozen=True)
class Book:
    """All tables of the law in one immutable object. `at` gives what holds on a day."""

    rules: tuple[Rule, ...]
    measures: tuple[Measure, ...]
    statuses: tuple[Status, ...]
    agreements: tuple[Agreement, ...]
    authorities: Mapping[str, tuple[Authority, ...]]
    sources: Mapping[str, Source]
    countries: Mapping[str, str]
    unions: Mapping[str, str]
    documents: Mapping[str, Mapping[str, Any]]
    deadlines: tuple[Mapping[str, str], ...]
    gaps: Mapping[tuple[str, str], tuple[Mapping[str, str], ...]]
    rules_version: str
    facts_version: str
    known: str
    own: tuple[str, ...] = ()
    _days: tuple[str, ...] = field(default=(), repr=False)
    _laws: dict[tuple[int, int], Law] = field(default_factory=dict, repr=False, compare=False)

    def at(self, as_of: str, known_on: str = "") -> Law:
        """The law on the day of departure, as known on a day (today's table if empty).

        Raises InputError if no rules were known on that day.
        """
        known_on = known_on or self.known
        key = (bisect_right(self._days, as_of), bisect_right(self._days, known_on))
        if key not in self._laws:
            self._laws[key] = self._select(as_of, known_on)
        return self._laws[key]

    def _select(self, as_of: str, known_on: str) -> Law:
        if not any(rule.known_from <= known_on <= rule.known_to for rule in self.rules):
            raise InputError(
                f"No rules were known on {known_on}.",
                "known on",
                f"This rule set starts on {min(rule.known_from for rule in self.rules)}.",
            )
        rules = sorted(_holding(self.rules, as_of, known_on), key=lambda rule: (rule.priority, rule.id))
        measures: dict[tuple[str, str], list[Measure]] = {}
        for measure in _holding(self.measures, as_of, known_on):
            measures.setdefault((measure.cc, measure.role), []).append(measure)
        return Law(
            rules={stage: tuple(r for r in rules if r.stage == stage) for stage in STAGES},
            steps={
                step: tuple(r for r in rules if r.step == step)
                for step in ("un", "packing", "violation", "note")
            },
            measures={key: tuple(rows) for key, rows in measures.items()},
            status={(row.cc, row.field): row for row in _holding(self.statuses, as_of, known_on)},
            agreements={
                (row.exporter, row.importer): row for row in _holding(self.agreements, as_of, known_on)
            },
        )

    def clock(self, name: str) -> Mapping[str, str]:
        """A row of the table of deadlines by its id."""
        return next(row for row in self.deadlines if row["id"] == name)

    def country_name(self, cc: str) -> str:
        return self.countries.get(cc, cc)

    def authority(self, cc: str, short: str = "") -> Authority:
        """The body to ask in a State: the named one, else the first; the Secretariat where none is known."""
        bodies = self.authorities.get(cc) or self.authorities.get(self.unions.get(cc, ""), ())
        for body in bodies:
            if body.short == short:
                return body
        if bodies and not short:
            return bodies[0]
        if bodies:
            return Authority(cc, short, short, "", bodies[0].contact, bodies[0].source)
        first = self.authorities["BASEL"][0]
        return Authority(
            cc, "Basel competent authority", f"Listed by: {first.body}", "", first.contact, first.source
        )

    def with_own_facts(self, path: Path) -> Book:
        """This book with an authority's own dated, cited facts. Raises InputError on a wrong row."""
        return with_own_facts(self, path)


def _holding(rows: Iterable[_Row], as_of: str, known_on: str) -> list[_Row]:
    return [row for row in rows if row.holds(as_of, known_on)]


def change_days(*groups: Iterable[Dated]) -> tuple[str, ...]:
    """The days on which any row starts or has just ended, sorted: between them the law is constant."""
    days: set[str] = set()
    for row in (row for group in groups for row in group):
        days |= {row.valid_from, row.known_from}
        days |= {
            (date.fromisoformat(end) + timedelta(days=1)).isoformat()
            for end in (row.valid_to, row.known_to)
            if end != LAST_DAY
        }
    return tuple(sorted(days - {FIRST_DAY}))


@lru_cache(maxsize=1)
def packaged_book() -> Book:
    """The book that comes with the package."""
    sources = {row["source"]: Source(**row) for row in tables.packaged_rows("sources.csv")}
    version = tables.packaged_yaml("version.yaml")
    since = {"known_from": str(version["rules"])}
    rules = tuple(
        read_rule({**since, **row}, stage, sources)
        for stage in STAGES
        for row in tables.packaged_yaml(f"rules_{stage}.yaml")
    )
    measures = tuple(read_measure(row, sources) for row in tables.packaged_rows("measures.csv"))
    statuses = tuple(read_status(row, sources) for row in tables.packaged_rows("status.csv"))
    agreements = tuple(read_agreement(row, sources) for row in tables.packaged_rows("agreements.csv"))
    countries = tables.packaged_rows("countries.csv")
    gaps: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in tables.packaged_rows("national_law.csv"):
        gaps.setdefault((row["cc"], row["field"]), []).append(row)
    return Book(
        rules=rules,
        measures=measures,
        statuses=statuses,
        agreements=agreements,
        authorities=_authorities(),
        sources=MappingProxyType(sources),
        countries={row["cc"]: row["name"] for row in countries},
        unions={row["cc"]: row["union"] for row in countries if row["union"]},
        documents=tables.packaged_yaml("documents.yaml"),
        deadlines=tuple(tables.packaged_rows("deadlines.csv")),
        gaps={key: tuple(rows) for key, rows in gaps.items()},
        rules_version=_version(str(version["rules"]), rules_only=True),
        facts_version=_version(str(version["facts"]), rules_only=False),
        known=str(version["facts"]),
        _days=change_days(rules, measures, statuses, agreements),
    )


def with_own_facts(book: Book, path: Path) -> Book:
    """The book with an authority's rows added; rows that they supersede are known until the day before."""
    added = own_facts.read(path, book.sources, book.countries)
    measures = (*(_closed(row, added.supersedes) for row in book.measures), *added.measures)
    statuses = (*(_closed(row, added.supersedes) for row in book.statuses), *added.statuses)
    known = max([book.known, *(row.known_from for row in (*added.measures, *added.statuses))])
    return Book(
        **{
            **{name: getattr(book, name) for name in Book.__dataclass_fields__ if not name.startswith("_")},
            "measures": measures,
            "statuses": statuses,
            "facts_version": f"{book.facts_version}+own.{added.digest}",
            "known": known,
            "own": (*book.own, added.name),
        },
        _days=change_days(book.rules, measures, statuses, book.agreements),
    )


def _closed(row: _Row, supersedes: Mapping[str, str]) -> _Row:
    """A row as it is known once another supersedes it."""
    if row.id not in supersedes:
        return row
    last = date.fromisoformat(supersedes[row.id]) - timedelta(days=1)
    return replace(row, known_to=last.isoformat())


def _authorities() -> dict[str, tuple[Authority, ...]]:
    bodies: dict[str, tuple[Authority, ...]] = {}
    for row in sorted(tables.packaged_rows("authorities.csv"), key=lambda row: (row["cc"], int(row["rank"]))):
        body = Authority(row["cc"], row["short"], row["body"], row["role"], row["contact"], row["source"])
        bodies[row["cc"]] = (*bodies.get(row["cc"], ()), body)
    return bodies


def _version(day: str, rules_only: bool) -> str:
    """The day and a digest of the tables that decide, so that two different sets never bear one name."""
    digest = hashlib.sha256()
    for name in [f"rules_{stage}.yaml" for stage in STAGES] if rules_only else FACT_TABLES:
        digest.update(name.encode() + b"\0" + tables.packaged_bytes(name))
    return f"{day}+{digest.hexdigest()[:12]}"
