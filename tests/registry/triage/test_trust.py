"""Which recorded results are believed: who may record, what can be made again, and who judges a doubt."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.passport import service as passport_service
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.triage import limits, recording, reproduction
from tests.registry.parties.conftest import Client, enrol
from tests.registry.parties.test_facilities import LONG_AGO
from tests.registry.triage.yard import BATTERY, BENCH, GOOD, Yard, at_a_facility

pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


def licensed(yard: Yard, client: Client, name: str = "licence-1") -> None:
    licence = {"licence": name, "number": "1", "authority": "DIW", "activities": ["test"]}
    yard.registry.enrolment.grant_licence(client.operator, {**licence, "valid_from": LONG_AGO})


def test_who_has_a_licence_to_test_records_what_it_is_offered_and_nothing_that_is_elsewhere(
    yard: Yard,
) -> None:
    licensed(yard, yard.stranger)
    result = yard.records(yard.holder)
    with pytest.raises(NotAllowedError, match="no such battery for you"):
        yard.records(yard.stranger)
    yard.offers(yard.buyer)
    with pytest.raises(NotAllowedError, match="no such battery for you"):
        yard.records(yard.buyer)
    licensed(yard, yard.buyer, "licence-2")
    with pytest.raises(NotAllowedError, match="no such result of this battery"):
        yard.records(yard.buyer, supersedes=result)
    own = yard.records(yard.buyer)
    yard.records(yard.buyer, supersedes=own)
    assert yard.seen(yard.holder)["results"][0]["state"] == "stands"


def test_an_authority_may_test_and_judges_no_dispute_of_its_own_result(yard: Yard) -> None:
    result = yard.records(yard.authority)
    doubt = recording.dispute(yard.hand(yard.holder), BATTERY, result, "It was another battery.")["id"]
    (told,) = yard.seen(yard.authority)["results"]
    assert told["disputes"][0]["may_decide"] is False
    for outcome in ("upheld", "rejected"):
        with pytest.raises(NotAllowedError, match="Nobody judges a dispute of one's own"):
            recording.settle(yard.hand(yard.authority), BATTERY, doubt, outcome)
    other = enrol(yard.registry, "Other authority", "authority")
    recording.settle(yard.hand(other), BATTERY, doubt, "upheld")
    assert yard.seen(yard.holder)["results"][0]["state"] == "set_aside"


def forged(yard: Yard, client: Client, cells: dict[str, str], better: dict[str, Any], **more: Any) -> str:
    """A result of a version that nobody here knows, sent by a client of its own make."""
    named = reproduction.method(limits.packaged_limits())
    told = reproduction.result_of(reproduction.regraded(named, cells)) | better
    payload = {"battery": BATTERY, "method": {**named, "version": "9.9.9"}, "instrument": BENCH, **more}
    sealed = {"measurements": {"cells": cells}, "result": told}
    hand = yard.hand(client)
    receipt = passport_service.append(hand, "triage.graded", [item_of(BATTERY)], payload, sealed)
    return str(orjson.loads(receipt)["id"])


BETTER = {"soh": "0.9900", "soh_low": "0.9700", "soh_high": "1.0000", "grade": "reuse"}
WORN = GOOD | {"capacity_test_ah": "65"}


def test_a_result_that_cannot_be_made_again_counts_after_those_that_can(yard: Yard) -> None:
    first = forged(yard, yard.holder, WORN, BETTER)
    seen = yard.seen(yard.holder)
    assert seen["current"] == first
    assert seen["results"][0]["reproducible"] is False
    made = yard.records(yard.holder, WORN)
    forged(yard, yard.holder, WORN, BETTER)
    seen = yard.seen(yard.holder)
    assert seen["current"] == made
    assert [one["reproducible"] for one in seen["results"]] == [False, True, False]
    with pytest.raises(NotAllowedError, match="sets aside none that can"):
        forged(yard, yard.holder, WORN, BETTER, supersedes=made)
    agreeing = forged(yard, yard.holder, WORN, {}, supersedes=made)
    assert yard.seen(yard.holder)["current"] == agreeing


def test_a_result_that_cannot_be_made_again_raises_no_grade(yard: Yard) -> None:
    worn = forged(yard, yard.holder, WORN, {"grade": "recycle"})
    forged(yard, yard.holder, WORN, BETTER)
    assert yard.seen(yard.holder)["current"] == worn
    with pytest.raises(NotAllowedError, match="raises no grade"):
        forged(yard, yard.holder, WORN, BETTER, supersedes=worn)


def test_a_result_that_cannot_be_made_again_sets_apart_and_releases_nothing(yard: Yard) -> None:
    at_work = at_a_facility(yard)
    yard.records(yard.holder)
    apart = {"safety": "unsafe", "grade": "quarantine", "in_domain": False, "method": ""}
    unsafe = forged(yard, yard.holder, GOOD, apart | {"soh": None, "soh_low": None, "soh_high": None})
    assert yard.seen(yard.holder)["current"] == unsafe
    with pytest.raises(NotAllowedError, match="cannot be made again here"):
        forged(yard, yard.holder, GOOD, BETTER, **at_work)
    released = yard.records(yard.holder, **at_work)
    assert yard.seen(yard.holder)["current"] == released


def test_a_result_that_cannot_be_made_again_gives_the_passport_no_capacity(yard: Yard) -> None:
    named = {**reproduction.method(limits.packaged_limits()), "version": "9.9.9"}
    told = reproduction.result_of(reproduction.regraded(named, GOOD)) | BETTER
    payload = {"battery": BATTERY, "method": named, "instrument": BENCH}
    reading = {
        "attribute": "remaining_capacity_ah",
        "value": "99.000",
        "instrument": BENCH,
        "source": "measured",
    }
    sealed = {"measurements": {"cells": GOOD}, "result": told, "reading": reading}
    with pytest.raises(InputError, match="reading does not follow"):
        passport_service.append(yard.hand(yard.holder), "triage.graded", [item_of(BATTERY)], payload, sealed)


def test_own_limits_of_the_workspace_make_its_results_again(yard: Yard) -> None:
    """A workspace asks 0.95 for reuse: its results name its limits and are checked by them."""
    place = yard.overrides
    place.mkdir(parents=True, exist_ok=True)
    names = "limit,value,low,high,unit,source,year,licence,grade,note"
    row = "reuse_from,0.95,,,fraction,kitaran-assumption-2026,2026,own assumption,D,ours"
    (place / "triage_limits.csv").write_text(f"{names}\n{row}\n")
    yard.records(yard.holder, overrides=place)
    (told,) = yard.seen(yard.holder)["results"]
    assert (told["told"]["grade"], told["reproducible"]) == ("repurpose", True)
    assert [one["value"] for one in yard.readings()] == ["92.000"]
