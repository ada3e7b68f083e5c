"""Recorded triage on the ledger: who may, what follows, who sees it, and a rebuild to the same rows."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.parties import repository as parties
from kitaran.registry.passport import service as passport_service
from kitaran.registry.passport import tables as passport_tables
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage import counting, limits, recording, records, reproduction
from kitaran.registry.triage import tables as t
from tests.registry.parties.test_facilities import LONG_AGO, OVER, certify, describe, permit
from tests.registry.triage.yard import BATTERY, BENCH, GOOD, Yard, at_a_facility


def test_a_result_names_its_inputs_method_and_instrument_and_hides_health(yard: Yard) -> None:
    yard.records(yard.holder)
    (told,) = yard.seen(yard.holder)["results"]
    assert told["state"] == "stands"
    assert told["instrument"] == BENCH
    assert told["method"]["name"] == "kitaran.triage"
    assert told["told"]["soh"] == "0.9200"
    assert told["measured"]["capacity_test_ah"] == "92"
    with reading(yard.registry.engine) as connection:
        kept = str(connection.execute(sa.select(t.result.c.content)).scalar())
    assert "0.92" not in kept
    assert "capacity" not in kept


def test_the_passport_shows_the_capacity_with_its_error_and_source(yard: Yard) -> None:
    yard.records(yard.holder)
    (told,) = yard.readings()
    assert (told["attribute"], told["value"]) == ("remaining_capacity_ah", "92.000")
    # 3 % nine times in ten is 3.29 Ah nineteen times in twenty: 92 * 0.03 * 1.96 / 1.645
    assert float(told["error"]) == pytest.approx(3.289, abs=1e-3)
    assert (told["source"], told["instrument"]) == ("measured", BENCH)


def test_a_quarantine_stands_among_the_negative_events_and_tells_no_capacity(yard: Yard) -> None:
    yard.records(yard.holder, GOOD | {"leaked": "1"})
    (told,) = yard.readings()
    assert told["attribute"] == "negative_events"
    assert "leaked" in told["value"][0]["event"]
    (result,) = yard.seen(yard.holder)["results"]
    assert (result["told"]["grade"], result["told"]["soh"]) == ("quarantine", None)


def test_a_stranger_records_nothing_and_learns_nothing(yard: Yard) -> None:
    with pytest.raises(NotAllowedError, match="no such battery for you"):
        yard.records(yard.stranger)
    yard.records(yard.holder)
    with pytest.raises(NotFoundError) as known:
        yard.seen(yard.stranger)
    with reading(yard.registry.engine) as connection:
        caller = parties.operator(connection, yard.stranger.operator, now())
        assert caller is not None
        with pytest.raises(NotFoundError) as unknown:
            records.of(connection, "f" * 32, caller, now())
    assert known.value.faults[0].cause == unknown.value.faults[0].cause


def test_who_is_offered_a_battery_sees_its_results_and_may_doubt_them(yard: Yard) -> None:
    result = yard.records(yard.holder)
    with pytest.raises(NotFoundError):
        yard.seen(yard.buyer)
    yard.offers(yard.buyer)
    assert yard.seen(yard.buyer)["current"] == result
    recording.dispute(yard.hand(yard.buyer), BATTERY, result, "It holds 70 Ah on our bench.")
    (told,) = yard.seen(yard.holder)["results"]
    assert told["state"] == "disputed"
    with pytest.raises(ConflictError, match="already"):
        recording.dispute(yard.hand(yard.buyer), BATTERY, result, "Once more.")
    with pytest.raises(NotAllowedError):
        recording.dispute(yard.hand(yard.stranger), BATTERY, result, "I have no part in it.")


def test_a_new_test_supersedes_the_disputed_one_and_ends_the_dispute(yard: Yard) -> None:
    first = yard.records(yard.holder)
    recording.dispute(yard.hand(yard.holder), BATTERY, first, "Our own bench was wrong.")
    second = yard.records(yard.holder, GOOD | {"capacity_test_ah": "71"}, supersedes=first)
    old, new = yard.seen(yard.holder)["results"]
    assert (old["state"], old["superseded_by"], new["state"]) == ("superseded", second, "stands")
    assert old["disputes"][0]["outcome"] == "superseded"
    assert yard.seen(yard.holder)["current"] == second
    assert [one["value"] for one in yard.readings()] == ["92.000", "71.000"]
    with pytest.raises(ConflictError, match="Another result"):
        yard.records(yard.holder, supersedes=first)


def test_an_authority_upholds_a_dispute_and_the_result_counts_no_more(yard: Yard) -> None:
    result = yard.records(yard.holder)
    doubt = recording.dispute(yard.hand(yard.holder), BATTERY, result, "The shunt was off.")["id"]
    with pytest.raises(NotAllowedError, match="authority"):
        recording.settle(yard.hand(yard.holder), BATTERY, doubt, "upheld")
    with pytest.raises(NotAllowedError):
        recording.settle(yard.hand(yard.stranger), BATTERY, doubt, "withdrawn")
    recording.settle(yard.hand(yard.authority), BATTERY, doubt, "upheld", "The bench was not calibrated.")
    assert yard.seen(yard.holder)["results"][0]["state"] == "set_aside"
    assert yard.seen(yard.holder)["current"] is None


def test_who_raised_a_dispute_withdraws_it_and_the_result_stands_again(yard: Yard) -> None:
    result = yard.records(yard.holder)
    doubt = recording.dispute(yard.hand(yard.holder), BATTERY, result, "To be looked at.")["id"]
    recording.settle(yard.hand(yard.holder), BATTERY, doubt, "withdrawn")
    assert yard.seen(yard.holder)["results"][0]["state"] == "stands"
    with pytest.raises(ConflictError, match="ended"):
        recording.settle(yard.hand(yard.holder), BATTERY, doubt, "withdrawn")


def test_at_a_facility_a_technician_with_a_certificate_of_that_day_is_needed(yard: Yard) -> None:
    operator = yard.holder.operator
    described = describe(activities=["test"], capacities=[]) | {"operator": operator}
    yard.registry.hand.record("parties.facility_registered", "facility/delta-1", described)
    at_work = {"facility": "delta-1", "technician": "tech-1"}
    with pytest.raises(NotAllowedError, match="test"):
        yard.records(yard.holder, **at_work)
    permit(yard.registry, activities=["test"])
    with pytest.raises(NotAllowedError, match="no certificate for diagnosis"):
        yard.records(yard.holder, **at_work)
    certify(yard.registry, operator, scopes=["diagnosis"], valid_until=OVER)
    with pytest.raises(NotAllowedError, match=f"until {OVER[:10]}"):
        yard.records(yard.holder, **at_work)
    certify(yard.registry, operator, scopes=["diagnosis"], valid_from=LONG_AGO)
    yard.records(yard.holder, **at_work)
    with pytest.raises(NotAllowedError, match="needs a technician"):
        yard.records(yard.holder, facility="delta-1")
    with pytest.raises(NotAllowedError, match="tests at a facility"):
        yard.records(yard.holder, technician="tech-1")


def test_what_was_set_apart_is_released_by_a_technician_at_a_facility_alone(yard: Yard) -> None:
    at_work = at_a_facility(yard)
    yard.records(yard.holder, GOOD | {"leaked": "1"})
    with pytest.raises(NotAllowedError, match="set apart as unsafe"):
        yard.records(yard.holder, GOOD)
    yard.records(yard.holder, GOOD | {"leaked": "1", "swollen": "1"})
    yard.records(yard.holder, GOOD, **at_work)
    yard.records(yard.holder, GOOD)


def test_a_result_that_does_not_follow_from_its_measurements_is_refused(yard: Yard) -> None:
    graded = reproduction.regraded(reproduction.method(limits.packaged_limits()), GOOD)
    better = reproduction.result_of(graded) | {"soh": "0.9900"}
    payload = {
        "battery": BATTERY,
        "method": reproduction.method(limits.packaged_limits()),
        "instrument": BENCH,
    }
    sealed = {"measurements": {"cells": GOOD}, "result": better}
    with pytest.raises(InputError, match="does not follow"):
        passport_service.append(yard.hand(yard.holder), "triage.graded", [item_of(BATTERY)], payload, sealed)


@pytest.mark.parametrize("version", ["this", "another"])
@pytest.mark.parametrize(
    "told",
    [
        {"attribute": "negative_events", "value": [], "source": "measured"},
        {"attribute": "remaining_capacity_ah", "value": "100", "source": "measured"},
        {"attribute": "full_cycles", "value": "1", "source": "measured"},
    ],
)
def test_a_result_carries_no_reading_that_does_not_follow_from_it(
    yard: Yard, told: dict[str, Any], version: str
) -> None:
    yard.records(yard.holder, GOOD | {"leaked": "1"})
    before = yard.readings()
    named = reproduction.method(limits.packaged_limits())
    graded = reproduction.regraded(named, GOOD | {"swollen": "1"})
    named = named if version == "this" else {**named, "version": "0.0.1"}
    payload = {"battery": BATTERY, "method": named, "instrument": BENCH}
    sealed = {
        "measurements": {"cells": GOOD | {"swollen": "1"}},
        "result": reproduction.result_of(graded),
        "reading": {"instrument": BENCH, **told},
    }
    with pytest.raises(InputError, match="reading does not follow"):
        passport_service.append(yard.hand(yard.holder), "triage.graded", [item_of(BATTERY)], payload, sealed)
    assert yard.readings() == before


def test_a_result_without_its_measurements_is_refused(yard: Yard) -> None:
    payload = {
        "battery": BATTERY,
        "method": reproduction.method(limits.packaged_limits()),
        "instrument": BENCH,
    }
    with pytest.raises(InputError, match="measurements is missing"):
        passport_service.append(yard.hand(yard.holder), "triage.graded", [item_of(BATTERY)], payload)


def test_a_rebuild_gives_the_same_rows(yard: Yard) -> None:
    first = yard.records(yard.holder)
    recording.dispute(yard.hand(yard.holder), BATTERY, first, "Look again.")
    yard.records(yard.holder, supersedes=first)
    before = _rows(yard.registry)
    rebuild(yard.registry.engine, yard.registry.ledger.kinds)
    assert _rows(yard.registry) == before
    assert len(before["triage_result"]) == 2


def _rows(registry: Registry) -> dict[str, list[Any]]:
    with reading(registry.engine) as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(sa.select(table)))
            for table in (*t.PROJECTED, passport_tables.step)
        }


def test_the_newest_result_that_counts_is_found_for_other_nouns(yard: Yard) -> None:
    with reading(yard.registry.engine) as connection:
        assert counting.current(connection, BATTERY) is None
    result = yard.records(yard.holder)
    with reading(yard.registry.engine) as connection:
        found = counting.current(connection, BATTERY)
    assert found is not None
    assert found.result.result == result
