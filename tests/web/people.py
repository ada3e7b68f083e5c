"""People at the door of a site: what a browser would do."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from kitaran.foundation.database import writing
from kitaran.registry.assembly import Registry
from kitaran.registry.parties import accounts, one_time_links

PASSWORD = "nine purple lanterns drift"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{128})"')


class Browser(TestClient):
    """A client that sends forms as a page of the site would: with the token that stands in it."""

    def token_at(self, path: str) -> str:
        found = _TOKEN.search(self.get(path).text)
        return "" if found is None else found[1]

    def fill(self, path: str, at: str | None = None, **fields: Any) -> Response:
        """Fill in the form for `path` on the page `at`."""
        token = self.token_at(at or path)
        return self.post(path, data={"form_token": token, **fields}, follow_redirects=False)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: Any) -> Response:
        return self.fill("/sign-in", sign_in_name=name, password=password, **fields)


def browser(app: FastAPI, address: str = "127.0.0.1") -> Browser:
    """A visitor of the site who is nobody yet."""
    return Browser(app, base_url="http://127.0.0.1", raise_server_exceptions=False, client=(address, 50_000))


def person(
    registry: Registry, organisation: str, name: str, *roles: str, password: str = PASSWORD
) -> accounts.Person:
    """Somebody with a password; the organisation is entered if it is new."""
    from kitaran.registry.parties import signing_in

    operator = operator_of(registry, organisation, *roles)
    with writing(registry.engine) as connection:
        made = accounts.add(connection, operator, name, name.casefold().replace(" ", "."), roles)
        link = one_time_links.make(connection, "invite", made.id)
    signing_in.set_password_by_link(registry.engine, link, password)
    return made


def operator_of(registry: Registry, organisation: str, *roles: str) -> str:
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.parties import repository

    with reading(registry.engine) as connection:
        known = {one.name: one.id for one in repository.operators(connection, now())}
    return known.get(organisation) or registry.enrolment.add(organisation, list(roles)).operator
