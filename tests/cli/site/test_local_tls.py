"""TLS for a local network: a certificate that a device which trusts the authority accepts, and no more."""

from __future__ import annotations

import ssl
import stat
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kitaran.cli.site import local_tls
from kitaran.cli.site.local_tls import LocalTls
from kitaran.cli.site.serving import free_socket, server
from kitaran.foundation import clock

NAMES = ("127.0.0.1", "works.local", "localhost")


def who(request: Request) -> Response:
    assert request.client is not None
    return PlainTextResponse(f"{request.url.scheme} {request.client.host}")


@contextmanager
def served(tls: LocalTls | None = None, proxies: tuple[str, ...] = ()) -> Iterator[str]:
    bound, _ = free_socket("127.0.0.1", 0)
    started = Event()
    files = None if tls is None else (tls.certificate, tls.key)
    running = server(Starlette(routes=[Route("/", who)]), started.set, files, proxies)
    thread = Thread(target=running.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{bound.getsockname()[1]}/"
    finally:
        running.should_exit = True
        thread.join(20)
        bound.close()


def test_a_device_that_trusts_the_authority_reads_the_pages_and_no_other_does(tmp_path: Path) -> None:
    tls = local_tls.ensure(tmp_path / "tls", NAMES)
    with served(tls) as address:
        trusting = ssl.create_default_context(cafile=str(tls.authority))
        with urllib.request.urlopen(address, context=trusting, timeout=10) as answer:
            assert answer.read() == b"https 127.0.0.1"
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address, context=ssl.create_default_context(), timeout=10)


def test_keys_are_for_their_owner_alone_and_the_fingerprint_is_that_of_the_authority(tmp_path: Path) -> None:
    tls = local_tls.ensure(tmp_path / "tls", NAMES)
    for name in ("server.key", "authority.key"):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    certificate = ssl.PEM_cert_to_DER_cert(tls.authority.read_text())
    import hashlib

    assert tls.fingerprint.replace(":", "").lower() == hashlib.sha256(certificate).hexdigest()


def test_the_certificate_stays_until_it_ends_soon_or_lacks_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    first = local_tls.ensure(folder, NAMES)
    assert first.renewed
    again = local_tls.ensure(folder, NAMES)
    assert (again.renewed, again.fingerprint) == (False, first.fingerprint)
    moved = local_tls.ensure(folder, ("192.168.7.9", *NAMES))
    assert (moved.renewed, moved.fingerprint) == (True, first.fingerprint), "devices need no new trust"
    with clock.replaced(clock.now() + timedelta(days=380)):
        later = local_tls.ensure(folder, NAMES)
    assert (later.renewed, later.fingerprint) == (True, first.fingerprint)
    with clock.replaced(clock.now() + timedelta(days=3640)):
        assert local_tls.ensure(folder, NAMES).fingerprint != first.fingerprint


def test_the_authority_vouches_for_no_site_on_the_internet(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    tls = local_tls.ensure(folder, NAMES)
    authority = x509.load_pem_x509_certificate(tls.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    words = [one.value for one in limits.value.permitted_subtrees or [] if isinstance(one, x509.DNSName)]
    assert words == ["local", "works.local", "localhost"]
    other = local_tls.ensure(folder, ("203.0.113.5", *NAMES))
    assert other.fingerprint != tls.fingerprint, "an address outside private networks needs a new authority"


def test_a_damaged_certificate_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    local_tls.ensure(folder, NAMES)
    (folder / "server.pem").write_text("nonsense")
    assert local_tls.ensure(folder, NAMES).renewed
    (folder / "authority.pem").write_text("nonsense")
    assert local_tls.ensure(folder, NAMES).renewed


def test_own_names_hold_loopback_and_the_name_of_this_computer() -> None:
    names = local_tls.own_names("192.168.7.9")
    assert names[0] == "192.168.7.9"
    assert {"localhost", "127.0.0.1", "::1"} <= set(names)
    assert any(name.endswith(".local") for name in names)


FORWARDED = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        ((), b"http 127.0.0.1"),
        (("10.0.0.1",), b"http 127.0.0.1"),
        (("127.0.0.1",), b"https 203.0.113.5"),
        (("127.0.0.0/8",), b"https 203.0.113.5"),
    ],
)
def test_only_a_named_proxy_is_believed_about_the_caller(proxies: tuple[str, ...], seen: bytes) -> None:
    with served(proxies=proxies) as address:
        request = urllib.request.Request(address, headers=FORWARDED)
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.read() == seen
