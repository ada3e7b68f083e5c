"""TLS for a local network: a certificate authority of this workspace, and a certificate for this computer.

Browsers give a page a camera and keys only over TLS. The authority is limited (name constraints) to this
computer's names, `.local` and private networks: who trusts it trusts it with nothing else. Keys are readable
by their owner alone and are in no backup.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kitaran.foundation.clock import now
from kitaran.foundation.disk import explain

_AUTHORITY_LASTS: Final = timedelta(days=3650)
_LASTS: Final = timedelta(days=397)
"""Browsers refuse certificates that hold longer."""
_RENEW_BEFORE: Final = timedelta(days=30)
_CLOCKS_DIFFER: Final = timedelta(days=1)
_OWNER_ONLY: Final = 0o600
_PRIVATE: Final = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class LocalTls:
    """Certificate and key; the authority to trust and its SHA-256 fingerprint; the names covered."""

    certificate: Path
    key: Path
    authority: Path
    fingerprint: str
    names: tuple[str, ...]
    renewed: bool


def own_names(host: str | None = None) -> tuple[str, ...]:
    """Names and addresses under which others on the network may reach this computer, the likeliest first."""
    name = socket.gethostname().lower().split(".")[0]
    addresses = dict.fromkeys([*_addresses_outward(), *_addresses_of(socket.gethostname())])
    found = [*addresses, f"{name}.local", name, "localhost", "127.0.0.1", "::1"]
    if host and host not in ("0.0.0.0", "::"):
        found.insert(0, host)
    return tuple(dict.fromkeys(one for one in found if _is_name(one)))


def _addresses_outward() -> Iterable[str]:
    """Addresses from which this computer would speak to the network; nothing is sent."""
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            yield str(probe.getsockname()[0])


def _addresses_of(name: str) -> Iterable[str]:
    with suppress(OSError):
        yield from (str(found[4][0]).partition("%")[0] for found in socket.getaddrinfo(name, None))


def _is_name(text: str) -> bool:
    return bool(text) and (_address(text) is not None or text.replace("-", "").replace(".", "").isalnum())


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def ensure(folder: Path, names: tuple[str, ...]) -> LocalTls:
    """A certificate for these names, made or renewed if the one in the folder ends soon or lacks a name.

    Raises WorkspaceError if the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        authority, key = _authority(folder, names)
        renewed = not _holds(folder / "server.pem", authority, names)
        if renewed:
            _make_server(folder, authority, key, names)
    except OSError as error:
        raise explain(error, folder) from error
    fingerprint = authority.fingerprint(SHA256()).hex(":").upper()
    return LocalTls(
        folder / "server.pem", folder / "server.key", folder / "authority.pem", fingerprint, names, renewed
    )


def _authority(folder: Path, names: tuple[str, ...]) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    found = _read(folder / "authority.pem")
    if found is not None and _ends_late(found) and all(_permits(found, name) for name in names):
        with suppress(OSError, ValueError):
            key = load_pem_private_key((folder / "authority.key").read_bytes(), None)
            if isinstance(key, EllipticCurvePrivateKey):
                return found, key
    key = generate_private_key(SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kitaran"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Kitaran on {socket.gethostname()}"[:64]),
        ]
    )
    made = (
        _certificate(subject, subject, key, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .sign(key, SHA256())
    )
    _write(folder / "authority.key", _private(key))
    _write(folder / "authority.pem", made.public_bytes(Encoding.PEM))
    return made, key


def _make_server(
    folder: Path, authority: x509.Certificate, signing: EllipticCurvePrivateKey, names: tuple[str, ...]
) -> None:
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    made = (
        _certificate(subject, authority.subject, key, _LASTS)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
        .sign(signing, SHA256())
    )
    _write(folder / "server.key", _private(key))
    _write(folder / "server.pem", made.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - _CLOCKS_DIFFER)
        .not_valid_after(now() + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _permitted(names: tuple[str, ...]) -> list[x509.GeneralName]:
    """This computer's names, `.local`, private networks, and addresses of its own outside them."""
    words = dict.fromkeys(["local", *(name for name in names if _address(name) is None)])
    networks = [ipaddress.ip_network(text) for text in _PRIVATE]
    own = [address for name in names if (address := _address(name)) is not None]
    outside = [ipaddress.ip_network(one) for one in own if not any(one in network for network in networks)]
    return [*map(x509.DNSName, words), *map(x509.IPAddress, (*networks, *outside))]


def _permits(authority: x509.Certificate, name: str) -> bool:
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    address = _address(name)
    if address is not None:
        return any(isinstance(one, x509.IPAddress) and address in one.value for one in limits)  # type: ignore[operator]
    return any(
        isinstance(one, x509.DNSName) and (name == one.value or name.endswith(f".{one.value}"))
        for one in limits
    )


def _holds(path: Path, authority: x509.Certificate, names: tuple[str, ...]) -> bool:
    found = _read(path)
    if found is None or not path.with_name("server.key").exists() or not _ends_late(found):
        return False
    if found.issuer != authority.subject:
        return False
    try:
        found.verify_directly_issued_by(authority)
    except Exception:
        return False
    covered = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(map(_general, names)) <= set(covered)


def _ends_late(found: x509.Certificate) -> bool:
    return found.not_valid_after_utc > now() + _RENEW_BEFORE


def _read(path: Path) -> x509.Certificate | None:
    """The first certificate in a file; None if there is none that can be read."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _private(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for this user's eyes only."""
    new = path.with_name(f".part-{path.name}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
