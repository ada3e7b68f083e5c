"""A running server, signed in to: nothing that lets anybody in stands in what it writes."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from tests.cli.test_up import serving_from

PASSWORD = "nine purple lanterns drift"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{128})"')


def test_no_password_token_cookie_or_link_is_written(tmp_path: Path) -> None:
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with serving_from(tmp_path) as told:
        base, link = told["url"], told["first_administrator"]

        def get(path: str) -> str:
            with opener.open(base + path, timeout=30) as answer:
                return str(answer.read().decode())

        def fill(path: str, at: str, **fields: str) -> str:
            token = _TOKEN.search(get(at))
            assert token is not None
            body = urllib.parse.urlencode({"form_token": token[1], **fields}).encode()
            try:
                with opener.open(base + path, body, timeout=30) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as error:
                return str(error.read().decode())

        get(link.removeprefix(base))
        names = {"organisation": "Ministry", "name": "Amara", "sign_in_name": "amara"}
        page = fill("/sign-in/link", "/sign-in/link", **names, password=PASSWORD, again=PASSWORD)
        assert "Administration" in page
        secrets = {link.partition("code=")[2], PASSWORD, "a wrong password too"}
        secrets |= {cookie.value or "" for cookie in jar}
        made = fill("/account/tokens", "/account/tokens", scope="read", days="30")
        token = re.search(r"kitaran_[\w-]{43}", made)
        assert token is not None
        secrets.add(token[0])
        fill("/sign-out", "/")
        fill("/sign-in", "/sign-in", sign_in_name="amara", password="a wrong password too")
        fill("/sign-in", "/sign-in", sign_in_name="amara", password=PASSWORD)
        secrets |= {cookie.value or "" for cookie in jar} - {""}
        for path in ("/nowhere?code=x", "/api/v1/items/x"):
            with pytest.raises(urllib.error.HTTPError):
                get(path)
        told["process"].terminate()
        written = told["process"].stderr.read() + told["process"].stdout.read()
    logs = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.suffix == ".log" or p.name == "lock")
    assert len(secrets) >= 6
    assert [secret for secret in secrets if secret in written or secret.encode() in logs] == []
