"""What somebody would try who should not come in, or not so far."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from kitaran.api.access import Serving
from kitaran.api.attempts import Attempts
from kitaran.api.pace import Pace
from kitaran.foundation import clock
from kitaran.foundation.clock import now
from kitaran.foundation.database import reading, writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.parties import accounts, one_time_links, passwords, signing_in
from kitaran.web import create_app
from tests.web.people import PASSWORD, Browser, browser, person


@pytest.fixture
def app(workspace: Workspace) -> Iterator[FastAPI]:
    made = create_app(workspace)
    yield made
    made.state.registry.close()
    made.state.jobs.engine.dispose()


@pytest.fixture
def registry(app: FastAPI) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


@pytest.fixture
def somchai(app: FastAPI, registry: Registry) -> Browser:
    person(registry, "Delta", "Somchai", "recycler")
    made = browser(app)
    assert made.sign_in("somchai").status_code == 303
    return made


# -- sessions


def test_a_session_that_was_planted_before_is_not_taken_over(app: FastAPI, registry: Registry) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    victim = browser(app)
    victim.cookies.set("kitaran_session", "planted" * 6)
    victim.sign_in("somchai")
    attacker = browser(app)
    attacker.cookies.set("kitaran_session", "planted" * 6)
    assert attacker.get("/account.json").status_code == 401
    assert victim.get("/account.json").status_code == 200


def test_signing_in_again_ends_the_session_before(somchai: Browser) -> None:
    before = somchai.cookies["kitaran_session"]
    somchai.sign_in("somchai")
    assert somchai.cookies["kitaran_session"] != before
    somchai.cookies.clear()
    somchai.cookies.set("kitaran_session", before)
    assert somchai.get("/account.json").status_code == 401


def test_a_new_password_ends_every_other_session(app: FastAPI, somchai: Browser) -> None:
    other = browser(app)
    other.sign_in("somchai")
    wanted = "copper rain over seven roofs"
    fields = {"present": PASSWORD, "password": wanted, "again": wanted}
    assert somchai.fill("/account/password", at="/account", **fields).status_code == 303
    assert somchai.get("/account.json").status_code == 200
    assert other.get("/account.json").status_code == 401
    assert other.sign_in("somchai").status_code == 403


def test_nobody_ends_a_session_of_somebody_else(app: FastAPI, registry: Registry, somchai: Browser) -> None:
    person(registry, "Beta", "Lek", "operator")
    lek = browser(app)
    lek.sign_in("lek")
    mine = somchai.get("/account.json").json()["sessions"][0]["session"]
    lek.fill("/account/sessions/end", at="/account", session=mine)
    assert somchai.get("/account.json").status_code == 200


def test_over_tls_the_cookie_is_bound_to_the_host(workspace: Workspace) -> None:
    app = create_app(workspace, Serving("https://batteries.example", alone=False))
    person(app.state.registry.whole(), "Delta", "Somchai", "recycler")
    visitor = browser(app)
    visitor.base_url = "https://127.0.0.1"  # type: ignore[assignment]
    answer = visitor.sign_in("somchai")
    cookies = answer.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if "kitaran_session=" in cookie and "Max-Age" in cookie)
    assert session.startswith("__Host-kitaran_session=")
    assert all("Secure" in cookie for cookie in cookies if "Max-Age=0" not in cookie)
    app.state.registry.close()


# -- forms


@pytest.mark.parametrize("token", ["", "0" * 128, "é", "0" * 63])
def test_a_form_without_the_token_of_its_session_changes_nothing(somchai: Browser, token: str) -> None:
    for path in (
        "/sign-out",
        "/account/sessions/end",
        "/account/tokens",
        "/preferences",
        "/own-data/run-again",
    ):
        assert somchai.post(path, data={"form_token": token}).status_code == 403
        assert somchai.post(path).status_code == 403
        files = {"file": ("x", b"x")}
        assert somchai.post(path, data={"form_token": token}, files=files).status_code == 403
    assert somchai.post("/sign-out", headers={"X-Form-Token": token.encode()}).status_code == 403
    assert somchai.get("/account.json").status_code == 200


def test_the_token_of_another_visitor_is_worth_nothing(
    app: FastAPI, registry: Registry, somchai: Browser
) -> None:
    person(registry, "Beta", "Lek", "operator")
    lek = browser(app)
    lek.sign_in("lek")
    theirs = lek.token_at("/account")
    assert somchai.post("/sign-out", data={"form_token": theirs}).status_code == 403


def test_signing_in_needs_a_form_of_this_site(app: FastAPI, registry: Registry) -> None:
    """Else another site could sign a visitor in under its own name."""
    person(registry, "Delta", "Somchai", "recycler")
    fields = {"sign_in_name": "somchai", "password": PASSWORD}
    assert browser(app).post("/sign-in", data=fields).status_code == 403


def test_an_upload_keeps_its_fields_when_the_token_is_taken_off(somchai: Browser) -> None:
    token = somchai.token_at("/own-data")
    sent = somchai.post(
        "/own-data", data={"form_token": token}, files={"file": ("figures.xlsx", b"no workbook" * 9_000)}
    )
    assert sent.status_code == 422
    assert "figures.xlsx" in sent.text or "workbook" in sent.text


def test_every_form_that_posts_carries_the_token(somchai: Browser) -> None:
    for path in ("/", "/own-data", "/account", "/account/tokens", "/move/own-facts", "/about"):
        page = somchai.get(path).text
        assert page.count('method="post"') == page.count('name="form_token"'), path


def test_the_token_reads_otherwise_each_time_and_holds_as_long_as_the_session(somchai: Browser) -> None:
    first, second = somchai.token_at("/account"), somchai.token_at("/account")
    assert first != second
    assert not {first[:64], first[64:]} & {second[:64], second[64:]}
    for token in (first, second, first):
        sent = somchai.post(
            "/preferences", data={"form_token": token, "theme": "dark"}, follow_redirects=False
        )
        assert sent.status_code == 303


def test_a_name_and_password_in_the_address_do_not_stand_in_for_the_token(somchai: Browser) -> None:
    headers = {"Authorization": "Basic eDp5"}
    assert somchai.post("/sign-out", headers=headers).status_code == 403


def test_a_long_body_is_not_read_at_the_door(app: FastAPI) -> None:
    body = b"password=" + b"x" * 100_000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser(app).post("/sign-in", content=body, headers=kind).status_code == 413
    assert browser(app).post("/sign-in", content=iter([body]), headers=kind).status_code == 413


def test_no_form_fills_the_disk_on_its_way_in(app: FastAPI) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    endless = iter([b"--x\r\n"])
    for path, most in (("/triage", 2_100_000), ("/triage.json", 2_100_000), ("/scan", 101_000_000)):
        long = {**kind, "Content-Length": str(most + 1)}
        assert browser(app).post(path, content=b"--x--", headers=long).status_code == 413
        assert browser(app).post(path, content=endless, headers=kind).status_code == 413
        short = {**kind, "Content-Length": "5"}
        assert browser(app).post(path, content=b"--x--", headers=short).status_code == 422


def test_what_a_signed_in_person_reads_stays_in_no_cache(somchai: Browser, app: FastAPI) -> None:
    assert somchai.get("/account").headers["cache-control"] == "no-store"
    assert browser(app).get("/about").headers["cache-control"] == "no-cache"


def test_a_session_asks_the_api_and_changes_things_with_the_form_token_only(
    app: FastAPI, registry: Registry, somchai: Browser
) -> None:
    operator = somchai.get("/account.json").json()["operator"]
    assert somchai.get(f"/api/v1/items/operator/{operator}").status_code == 200
    assert somchai.post("/api/v1/events", json={}).status_code == 403
    headers = {"X-Form-Token": somchai.token_at("/account")}
    assert somchai.post("/api/v1/events", json={}, headers=headers).json()["status"] == 403
    sent = somchai.post("/api/v1/events", json={"actor": operator}, headers=headers)
    assert sent.status_code == 422


# -- links, names, passwords


@pytest.mark.parametrize("code", ["x" * 5_000, "\r\nSet-Cookie: a=b", "\U0001f600", "a;b=c", "", "\x00"])
def test_a_bent_link_is_one_that_does_not_work(app: FastAPI, code: str) -> None:
    visitor = browser(app)
    answer = visitor.get(f"/sign-in/link?code={quote(code)}")
    assert answer.status_code == 410
    assert set(visitor.cookies) <= {"kitaran_link"}


def test_of_two_that_use_one_link_at_once_one_gets_in(registry: Registry) -> None:
    from concurrent.futures import ThreadPoolExecutor

    made = person(registry, "Delta", "Somchai", "recycler")
    with writing(registry.engine) as connection:
        link = one_time_links.make(connection, "reset", made.id)

    def use(number: int) -> bool:
        try:
            signing_in.set_password_by_link(registry.engine, link, f"{PASSWORD} {number}")
        except one_time_links.LinkOverError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_the_database_holds_no_secret_that_lets_anybody_in(
    app: FastAPI, registry: Registry, somchai: Browser, workspace: Workspace
) -> None:
    with writing(registry.engine) as connection:
        link = one_time_links.make(connection, "first")
    secrets = [link, PASSWORD, somchai.cookies["kitaran_session"]]
    files = b"".join(path.read_bytes() for path in workspace.root.glob("kitaran.db*"))
    assert b"somchai" in files
    assert [secret for secret in secrets if secret.encode() in files] == []


@pytest.mark.skipif(not hasattr(stat, "S_IMODE"), reason="modes are those of POSIX")
def test_the_workspace_is_for_its_user_alone(app: FastAPI, registry: Registry, workspace: Workspace) -> None:
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in workspace.root.glob("kitaran.db*")}
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE(workspace.root.stat().st_mode) == 0o700


@pytest.mark.usefixtures("full_passwords")
def test_a_name_that_nobody_has_costs_the_same_work_and_gets_the_same_words(
    app: FastAPI, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    with writing(registry.engine) as connection:
        operator = accounts.every(connection)[0].operator.id
        accounts.add(connection, operator, "Invited", "invited")
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: str) -> bool:
        verified.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    answers = []
    for name in ("somchai", "nobody", "invited"):
        verified.clear()
        answer = browser(app).sign_in(name, "wrong horse battery staple")
        assert len(verified) == 1, name
        assert verified[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        answers.append((answer.status_code, answer.text.replace(name, "NAME")))
    texts = {(code, text.partition("form_token")[0]) for code, text in answers}
    assert len(texts) == 1


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "a" * 40,
        "abcdefghijklmnopqrst",
        "passwordpassword",
        "qwertyuiop123456",
        "somchai delta 1234",
        "kitarankitaran!",
        "xyxyxyxyxyxyxyxyxy",
        "a b" * 200,
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    from kitaran.foundation.errors import InputError

    with pytest.raises(InputError):
        passwords.check(password, "Somchai Suwan", "somchai", "Delta Recyclers")


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery staple", "แบตเตอรี่เก่าสี่ก้อนในโรงรถ", "x9#Lq2!vB7@tR4z"]
)
def test_a_long_password_needs_no_capitals_and_no_latin(password: str) -> None:
    passwords.check(password, "Somchai Suwan", "somchai", "Delta Recyclers")
    assert passwords.matches(passwords.make(password), password)


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(
    app: FastAPI, registry: Registry
) -> None:
    import sqlalchemy as sa

    from kitaran.registry.parties import account_tables as t

    person(registry, "Delta", "Somchai", "recycler")
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with writing(registry.engine) as connection:
        connection.execute(sa.update(t.account).values(password=weak))
    assert browser(app).sign_in("somchai").status_code == 303
    with reading(registry.engine) as connection:
        kept = connection.execute(sa.select(t.account.c.password)).scalar()
    assert kept is not None
    assert not passwords.is_outdated(kept)


# -- guessing


def test_guessing_is_slowed_and_the_owner_is_not_locked_out(app: FastAPI, registry: Registry) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    owner = browser(app, "203.0.113.5")
    owner.sign_in("somchai")
    owner.fill("/sign-out", at="/")
    app.state.registry.attempts = Attempts(strangers=Pace(1e-6, 2), browsers=Pace(1e-6, 2))
    codes = [browser(app, f"198.51.100.{n}").sign_in("Somchai", "wrong" * 4).status_code for n in range(4)]
    assert codes == [403, 403, 429, 429]
    assert owner.sign_in("somchai").status_code == 303
    stranger = browser(app, "198.51.100.9").sign_in("somchai")
    assert stranger.status_code == 429
    assert int(stranger.headers["retry-after"]) >= 1


def test_a_name_that_nobody_has_is_slowed_too(app: FastAPI, registry: Registry) -> None:
    app.state.registry.attempts = Attempts(strangers=Pace(1e-6, 1))
    codes = [browser(app).sign_in("ghost", "wrong" * 4).status_code for _ in range(2)]
    assert codes == [403, 429]


def test_one_address_cannot_try_many_names(app: FastAPI, registry: Registry) -> None:
    app.state.registry.attempts = Attempts(addresses=Pace(1e-6, 2))
    codes = [browser(app).sign_in(f"name{n}", "wrong" * 4).status_code for n in range(3)]
    assert codes == [403, 403, 429]


# -- where to go on


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "http:evil.example",
        " //evil.example",
        "/%0d%0aX: y\n",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(app: FastAPI, registry: Registry, to: str) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    answer = browser(app).sign_in("somchai", next=to)
    assert answer.headers["location"] == "/"
    assert "a=b" not in answer.headers.get("set-cookie", "")
    shown = browser(app).get(f"/sign-in?next={quote(to)}").text
    assert 'name="next" value="/"' in shown


# -- between organisations


def test_an_organisation_sees_nothing_of_another(app: FastAPI, registry: Registry, somchai: Browser) -> None:
    lek = person(registry, "Beta Secret Carriers", "Lek", "operator")
    beta = lek.operator.id
    for path in (
        f"/admin/operators/{beta}",
        f"/admin/people/{lek.id}",
        "/admin/operators",
        "/admin/people",
        "/admin/audit",
        f"/api/v1/items/operator/{beta}",
        f"/api/v1/items/operator/{beta}/events",
        "/account/tokens.json",
    ):
        answer = somchai.get(path)
        assert "Beta Secret" not in answer.text, path
        assert lek.id not in answer.text or lek.id in path, path
    none, some = (somchai.get(f"/api/v1/items/operator/{name}") for name in ("none-such", beta))
    assert none.status_code == some.status_code == 404
    assert none.text.replace("none-such", "X") == some.text.replace(beta, "X")
    theirs = registry.enrolment
    assert theirs is not None
    from kitaran.registry.parties import tokens

    with writing(registry.engine) as connection:
        tokens.make(connection, beta)
        token = next(one.id for one in tokens.every(connection, beta))
    for act in ("end", "renew"):
        answer = somchai.fill(f"/account/tokens/{act}", at="/account/tokens", token=token)
        assert answer.status_code == 404
    with reading(registry.engine) as connection:
        assert all(one.ended_at is None for one in tokens.every(connection, beta))


def test_a_person_makes_no_token_with_more_roles_than_its_own(app: FastAPI, registry: Registry) -> None:
    person(registry, "Ministry", "Amara", "administrator", "officer")
    with writing(registry.engine) as connection:
        operator = accounts.every(connection)[0].operator.id
        clerk = accounts.add(connection, operator, "Clerk", "clerk", ["officer"])
        link = one_time_links.make(connection, "invite", clerk.id)
    signing_in.set_password_by_link(registry.engine, link, PASSWORD)
    visitor = browser(app)
    visitor.sign_in("clerk")
    assert visitor.get("/admin").status_code == 403
    page = visitor.fill("/account/tokens", scope=["read"], days="30")
    token = page.text.partition("kitaran_")[2].partition("<")[0]
    other = person(registry, "Delta", "Somchai", "recycler")
    bare = browser(app)
    headers = {"Authorization": f"Bearer kitaran_{token}"}
    assert bare.get(f"/api/v1/items/operator/{operator}", headers=headers).status_code == 200
    assert bare.get(f"/api/v1/items/operator/{other.operator.id}", headers=headers).status_code == 404
    assert bare.post("/api/v1/events", content=b"{}", headers=headers).status_code == 403


# -- a server that others reach


def test_on_a_network_nobody_changes_plans_without_signing_in(workspace: Workspace) -> None:
    app = create_app(workspace, Serving(alone=False))
    person(app.state.registry.whole(), "Delta", "Somchai", "recycler")
    person(app.state.registry.whole(), "Court", "Ines", "auditor")
    stranger = browser(app)
    for path in ("/own-data/run-again", "/plan/runs", "/move/own-facts/x.csv/remove", "/jobs/x/cancel"):
        answer = stranger.post(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert stranger.post("/api/v1/jobs/x/cancel").status_code == 401
    assert stranger.get("/about").status_code == 200
    ines = browser(app)
    ines.sign_in("ines")
    assert ines.fill("/own-data/run-again", at="/own-data").status_code == 403
    somchai = browser(app)
    somchai.sign_in("somchai")
    assert somchai.fill("/jobs/x/cancel", at="/own-data").status_code == 404
    app.state.registry.close()
    app.state.jobs.engine.dispose()


def test_on_a_network_an_operator_sees_and_stops_its_own_jobs_and_the_administrator_all(
    workspace: Workspace,
) -> None:
    app = create_app(workspace, Serving(alone=False))
    registry = app.state.registry.whole()
    people = {}
    for organisation, name, role in (
        ("Delta", "Somchai", "recycler"),
        ("Mekong", "Noi", "recycler"),
        ("House", "Amara", "administrator"),
    ):
        person(registry, organisation, name, role)
        people[name] = browser(app)
        people[name].sign_in(name.casefold())
    address = people["Somchai"].fill("/plan/runs", at="/own-data").headers["location"]
    before = app.state.jobs.submit("scenario.run", "Run asked for before the server was opened", {})
    job = address.removeprefix("/jobs/")
    for name, seen in (
        ("Somchai", [job]),
        ("Noi", []),
        ("Amara", [before.id, job]),
    ):
        listed = people[name].get("/api/v1/jobs").json()
        assert sorted(one["id"] for one in listed) == sorted(seen), name
        code = 200 if job in seen else 404
        for path in (address, f"{address}.json", f"/api/v1{address}"):
            assert people[name].get(path).status_code == code, (name, path)
    stranger = browser(app)
    assert stranger.get("/api/v1/jobs").json() == []
    assert stranger.get(address).status_code == stranger.get("/jobs/nothing").status_code == 404
    assert people["Noi"].fill(f"{address}/cancel", at="/own-data").status_code == 404
    assert app.state.jobs.get(job).state.value == "queued"
    assert people["Amara"].fill(f"{address}/cancel", at="/own-data").status_code == 303
    assert app.state.jobs.get(job).state.value == "cancelled"
    app.state.registry.close()
    app.state.jobs.engine.dispose()


def test_on_a_network_only_an_authority_enters_what_the_law_says(workspace: Workspace) -> None:
    app = create_app(workspace, Serving(alone=False))
    person(app.state.registry.whole(), "Delta", "Somchai", "recycler")
    person(app.state.registry.whole(), "Ministry", "Ines", "authority")
    somchai, ines = browser(app), browser(app)
    somchai.sign_in("somchai")
    ines.sign_in("ines")
    for path in ("/move/own-facts/x.csv/remove", "/move/own-facts/accept", "/move/own-facts/preview"):
        assert somchai.fill(path, at="/own-data").status_code == 403
    assert "authority" in somchai.fill("/move/own-facts/x.csv/remove", at="/own-data").text
    assert ines.fill("/move/own-facts/x.csv/remove", at="/own-data").status_code == 404
    app.state.registry.close()
    app.state.jobs.engine.dispose()


def test_to_others_no_folder_of_the_server_is_named(workspace: Workspace) -> None:
    workspace.database.mkdir()
    app = create_app_on_a_broken_database(workspace)
    answer = browser(app).get("/api/v1/items/x", headers={"Authorization": "Bearer kitaran_x"})
    assert answer.status_code == 503
    assert str(workspace.root) not in answer.text
    assert json.loads(answer.text)["faults"][0]["remedy"]


def create_app_on_a_broken_database(workspace: Workspace) -> FastAPI:
    workspace.database.rmdir()
    app = create_app(workspace, Serving(alone=False))
    app.state.jobs.engine.dispose()
    for path in workspace.root.glob("kitaran.db*"):
        path.unlink()
    workspace.database.write_bytes(b"this is no database" * 100)
    return app


def test_a_caller_without_a_token_who_asks_too_fast_waits(app: FastAPI) -> None:
    app.state.registry.pace = Pace(per_second=0.1, at_once=3)
    visitor = browser(app)
    codes = [visitor.get("/api/v1/identity/parse?code=1").status_code for _ in range(2)]
    codes += [visitor.get("/api/v1/items/x").status_code for _ in range(3)]
    assert codes == [200, 200, 401, 429, 429]
    assert browser(app, "198.51.100.4").get("/api/v1/identity/parse?code=1").status_code == 200


def test_an_ended_or_old_token_lets_nobody_in(app: FastAPI, registry: Registry, somchai: Browser) -> None:
    from kitaran.registry.parties import tokens

    operator = somchai.get("/account.json").json()["operator"]
    with writing(registry.engine) as connection:
        token = tokens.make(connection, operator, now() + timedelta(days=1))
        found = tokens.find(connection, token)
    assert found is not None
    headers, path = {"Authorization": f"Bearer {token}"}, f"/api/v1/items/operator/{operator}"
    bare = browser(app)
    assert bare.get(path, headers=headers).status_code == 200
    with clock.replaced(now() + timedelta(days=2)):
        assert bare.get(path, headers=headers).status_code == 401
    page = somchai.fill("/account/tokens/renew", at="/account/tokens", token=found.id).text
    renewed = "kitaran_" + page.partition('translate="no">kitaran_')[2].partition("<")[0]
    assert bare.get(path, headers=headers).status_code == 401
    assert bare.get(path, headers={"Authorization": f"Bearer {renewed}"}).status_code == 200
