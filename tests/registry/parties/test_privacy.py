"""Personal values: each stands in the register, is exported, and goes when it is erased or due."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kitaran.foundation import clock
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError
from kitaran.registry.assembly import Registry, kinds
from kitaran.registry.ledger.verify import verify_log
from kitaran.registry.parties import account_tables, accounts
from kitaran.registry.parties.privacy import register, values
from kitaran.registry.parties.privacy.erasing import erase
from kitaran.registry.passport.attributes import sealed_of_model

from .conftest import enrol
from .test_facilities import certify
from .test_incidents import ITEM, fire


def kept(registry: Registry, person: str | None = None) -> list[values.Kept]:
    with reading(registry.engine) as connection:
        return values.every(connection) if person is None else values.of_person(connection, person)


def _noun(kind: str) -> str:
    """Words of shipments stand in the register once for all kinds."""
    return "movement.*" if kind.startswith("movement.") else kind


def test_each_value_that_a_kind_seals_stands_in_the_register() -> None:
    """Sealed attributes of a model and the state of a battery are restricted, but nobody's personal value."""
    sealed = {f"{_noun(kind.name)}:{name}" for kind in kinds() for name in kind.sealed}
    of_models = {f"passport.model_registered:{name}" for name in sealed_of_model()}
    of_batteries = {"passport.reading_taken:reading"}
    of_batteries |= {f"triage.graded:{name}" for name in ("measurements", "reading", "result")}
    assert sealed - of_models - of_batteries <= {one.kept_in for one in register.entries()}


def test_each_entry_of_the_register_is_whole() -> None:
    columns = {f"{t.name}:{c.name}" for t in account_tables.metadata.sorted_tables for c in t.columns}
    for one in register.entries():
        assert one.basis in register.BASES
        assert one.counted_from in register.COUNTED_FROM
        assert one.erasure in register.ERASURES
        assert one.retention_days >= 0
        assert all((one.purpose, one.audience, one.note))
        if one.erasure == "account":
            assert one.kept_in in columns


def test_an_export_holds_all_of_a_person_and_nothing_of_others(registry: Registry) -> None:
    delta = enrol(registry, "Delta", "recycler")
    certify(registry, delta.operator, {"name": "Somchai Sample", "certificate_number": "HV-7"})
    told = {"reporter_name": "Malee", "reporter_phone": "+66 1"}
    registry.hand.record("parties.incident_reported", ITEM, fire(), told)
    by_name = {one.value for one in kept(registry, "somchai  sample")}
    assert by_name == {"Somchai Sample", "HV-7"} == {one.value for one in kept(registry, "tech-1")}
    assert {one.value for one in kept(registry, "Malee")} == {"Malee", "+66 1"}
    assert kept(registry, "Nobody") == []


def test_what_is_erased_is_gone_and_the_log_stays_whole(registry: Registry) -> None:
    delta = enrol(registry, "Delta", "recycler")
    certify(registry, delta.operator, {"name": "Somchai Sample", "certificate_number": "HV-7"})
    assert erase(registry.hand, kept(registry, "tech-1"), "asked") == 2
    assert kept(registry) == []
    assert verify_log(registry.engine).problems == []


def test_an_account_is_forgotten_only_after_it_ended(registry: Registry) -> None:
    delta = enrol(registry, "Delta", "recycler")
    with writing(registry.engine) as connection:
        person = accounts.add(connection, delta.operator, "Malee Sample", "malee@example.org")
    with pytest.raises(InputError, match="has not ended"):
        erase(registry.hand, kept(registry, "malee@example.org"), "asked")
    with writing(registry.engine) as connection:
        accounts.end(connection, person, None)
    assert erase(registry.hand, kept(registry, person.id), "asked") == 2
    with reading(registry.engine) as connection:
        left = accounts.get(connection, person.id)
    assert (left.name, left.sign_in_name) == (values.ERASED, f"erased-{person.id}")
    assert kept(registry) == []


def test_a_value_is_due_when_its_retention_is_over_and_not_while_its_reason_lasts(
    registry: Registry,
) -> None:
    delta = enrol(registry, "Delta", "recycler")
    certify(
        registry, delta.operator, {"name": "A"}, certificate="old", valid_until="2021-01-01T00:00:00.000Z"
    )
    certify(registry, delta.operator, {"name": "B"}, certificate="now")
    at = clock.now()
    assert [one.value for one in kept(registry) if one.due(at)] == ["A"]
    [old] = [one for one in kept(registry) if one.value == "A"]
    days = timedelta(days=old.entry.retention_days)
    assert old.due_at == clock.stamp(at.replace(2021, 1, 1, 0, 0, 0, 0) + days)


def test_a_ministry_sets_its_own_days_and_names_the_law(registry: Registry, tmp_path: Path) -> None:
    delta = enrol(registry, "Delta", "recycler")
    ended = "2026-01-01T00:00:00.000Z"
    certify(registry, delta.operator, {"name": "Somchai Sample"}, valid_until=ended)
    (tmp_path / "retention.csv").write_text(
        "value,retention_days,law\ntechnician_name,10,Ministerial Regulation 7 (an example)\n"
    )
    with reading(registry.engine) as connection:
        [default], [own] = values.every(connection), values.every(connection, tmp_path)
    assert default.due_at == "2028-12-31T00:00:00.000Z", "three years of our own"
    assert own.due_at == "2026-01-11T00:00:00.000Z"
    rows = {one["value"]: one for one in register.as_rows(tmp_path)}
    assert rows["technician_name"]["law"] == "Ministerial Regulation 7 (an example)"
    assert rows["account_name"]["law"] == ""


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("owner_name,10,An act", "no such value"),
        ("technician_name,soon,An act", "no number of days"),
        ("technician_name,36501,An act", "no number of days"),
        ("technician_name,10, ", "law is missing"),
        ("technician_name,10", "other columns"),
        ("technician_name,10,An act,more", "other columns"),
        ("technician_name,10,A\ntechnician_name,20,B", "twice"),
    ],
)
def test_a_retention_that_cannot_be_read_is_refused_whole(tmp_path: Path, line: str, cause: str) -> None:
    (tmp_path / "retention.csv").write_text(f"value,retention_days,law\n{line}\n")
    with pytest.raises(InputError, match=cause):
        register.entries_of(tmp_path)
