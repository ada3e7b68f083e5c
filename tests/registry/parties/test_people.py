"""People, links, sessions and tokens, on both stores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kitaran.foundation import clock
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import access_acts, accounts, one_time_links, sessions, signing_in, tokens
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.kinds import item_of

PASSWORD = "nine purple lanterns drift"


def somebody(registry: Registry, organisation: str, name: str, *roles: str) -> Person:
    operator = registry.enrolment.add(organisation, roles, with_token=False).operator
    with writing(registry.engine) as connection:
        return accounts.add(connection, operator, name, name)


def link_for(registry: Registry, person: Person) -> str:
    with writing(registry.engine) as connection:
        return one_time_links.make(connection, "invite", person.id)


def seen(registry: Registry, secret: str) -> Person | None:
    session = sessions.find(registry.engine, secret)
    if session is None:
        return None
    with reading(registry.engine) as connection:
        return accounts.in_session(connection, session)


def test_a_person_comes_in_by_a_link_and_then_by_the_password(registry: Registry) -> None:
    lek = somebody(registry, "Beta", "lek", "operator")
    entry = signing_in.set_password_by_link(registry.engine, link_for(registry, lek), PASSWORD)
    found = seen(registry, entry.secret)
    assert found is not None
    assert (found.id, found.session, found.roles) == (lek.id, entry.session.id, {"operator"})
    again = signing_in.sign_in(registry.engine, " LEK ", PASSWORD)
    assert again.secret != entry.secret
    with pytest.raises(signing_in.RefusedError):
        signing_in.sign_in(registry.engine, "lek", PASSWORD + "!")
    with reading(registry.engine) as connection:
        told = [act.what for act in access_acts.newest(connection, 3)]
    assert told == ["sign_in_refused", "signed_in", "signed_in"]


def test_of_many_that_use_one_link_at_once_one_gets_in(registry: Registry) -> None:
    link = link_for(registry, somebody(registry, "Beta", "lek", "operator"))

    def use(number: int) -> bool:
        try:
            signing_in.set_password_by_link(registry.engine, link, f"{PASSWORD} {number}")
        except one_time_links.LinkOverError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_of_two_first_administrators_at_once_one_begins(registry: Registry) -> None:
    with writing(registry.engine) as connection:
        link = one_time_links.make(connection, "first")

    def begin(name: str) -> bool:
        given = signing_in.FirstAdministrator(f"Ministry of {name}", name, name, PASSWORD)
        try:
            signing_in.begin_installation(registry.engine, registry.enrolment, link, given)
        except one_time_links.LinkOverError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(begin, ["amara", "ines"])) == [False, True]
    with reading(registry.engine) as connection:
        assert len(accounts.every(connection)) == 1
        assert accounts.any_administrator(connection)


def test_a_first_link_is_over_once_there_is_an_administrator(registry: Registry) -> None:
    with writing(registry.engine) as connection:
        link = one_time_links.make(connection, "first")
    amara = somebody(registry, "Ministry", "amara", "administrator")
    signing_in.set_password_by_link(registry.engine, link_for(registry, amara), PASSWORD)
    given = signing_in.FirstAdministrator("Another", "eve", "eve", PASSWORD)
    with pytest.raises(one_time_links.LinkOverError):
        signing_in.begin_installation(registry.engine, registry.enrolment, link, given)


def test_a_person_has_no_role_that_its_operator_does_not_hold(registry: Registry) -> None:
    operator = registry.enrolment.add("Beta", ["operator", "auditor"]).operator
    with writing(registry.engine) as connection:
        with pytest.raises(InputError, match="does not hold the role administrator"):
            accounts.add(connection, operator, "Eve", "eve", ["administrator"])
        lek = accounts.add(connection, operator, "Lek", "lek", ["auditor"])
        assert lek.roles == {"auditor"}
    payload = {"operator": operator, "role": "auditor", "reason": "contract over"}
    registry.hand.record("parties.role_ended", item_of(operator), payload)
    with reading(registry.engine) as connection:
        assert accounts.get(connection, lek.id).roles == frozenset()


def test_a_click_names_its_session_and_is_signed_with_the_kept_key(registry: Registry) -> None:
    amara = somebody(registry, "Ministry", "amara", "administrator")
    entry = signing_in.set_password_by_link(registry.engine, link_for(registry, amara), PASSWORD)
    person = seen(registry, entry.secret)
    assert person is not None
    payload = {"operator": "gamma-1", "name": "Gamma", "roles": ["producer"]}
    registry.hand_of(person).record("parties.operator_added", item_of("gamma-1"), payload)
    with reading(registry.engine) as connection:
        row = log.row(connection, log.size(connection) - 1)
    assert row is not None
    envelope = canonical.loads(row.entry)["envelope"]
    assert (envelope["actor"], envelope["session"]) == (amara.operator.id, entry.session.id)


def test_without_a_session_a_role_or_a_kept_key_nobody_clicks(registry: Registry) -> None:
    from kitaran.registry.ledger.signature import make_key, public_bytes

    amara = somebody(registry, "Ministry", "amara", "administrator")
    with pytest.raises(NotAllowedError):
        registry.hand_of(amara)
    own = registry.enrolment.add("Delta", ["recycler"], public_bytes(make_key())).operator
    with writing(registry.engine) as connection:
        lek = accounts.add(connection, own, "Lek", "lek")
    entry = signing_in.set_password_by_link(registry.engine, link_for(registry, lek), PASSWORD)
    person = seen(registry, entry.secret)
    assert person is not None
    with pytest.raises(NotAllowedError, match="keeps no key"):
        registry.hand_of(person)
    registry.enrolment.keep_key(own)
    assert registry.hand_of(person).actor == own


def test_an_ended_person_is_nobody(registry: Registry) -> None:
    lek = somebody(registry, "Beta", "lek", "operator")
    entry = signing_in.set_password_by_link(registry.engine, link_for(registry, lek), PASSWORD)
    link = link_for(registry, lek)
    with writing(registry.engine) as connection:
        accounts.end(connection, lek, None)
    assert seen(registry, entry.secret) is None
    with pytest.raises(one_time_links.LinkOverError):
        signing_in.set_password_by_link(registry.engine, link, PASSWORD)
    with pytest.raises(signing_in.RefusedError):
        signing_in.sign_in(registry.engine, "lek", PASSWORD)


def test_a_token_ends_and_is_renewed_with_what_it_may(registry: Registry) -> None:
    operator = registry.enrolment.add("Beta", ["operator"], with_token=False).operator
    with writing(registry.engine) as connection:
        made = tokens.make(connection, operator, now() + timedelta(days=1), "scale", ["read"], ["operator"])
        with pytest.raises(InputError):
            tokens.make(connection, operator, scopes=["rule"])
        found = tokens.find(connection, made)
        assert found is not None
        renewed = tokens.renew(connection, found, None)
        again = tokens.find(connection, renewed)
        assert again is not None
        assert (again.label, again.scopes, again.roles) == ("scale", {"read"}, {"operator"})
        assert tokens.find(connection, made) is None
        with pytest.raises(InputError):
            tokens.renew(connection, tokens.get(connection, found.id), None)
        with pytest.raises(NotFoundError):
            tokens.get(connection, again.id, "another")
    with clock.replaced(now() + timedelta(days=2)), reading(registry.engine) as connection:
        assert tokens.owner(connection, renewed) == operator


def test_two_people_sign_in_under_no_one_name(registry: Registry) -> None:
    lek = somebody(registry, "Beta", "lek", "operator")
    with writing(registry.engine) as connection, pytest.raises(InputError):
        accounts.add(connection, lek.operator.id, "Another", "LEK")
    for wrong in ("", "two words", "a\u202eb", "x" * 201):
        with writing(registry.engine) as connection, pytest.raises(InputError):
            accounts.add(connection, lek.operator.id, "Name", wrong)
