"""Signing in at another provider: OpenID Connect, authorization code with PKCE, state and nonce.

Needs the extra `oidc` (PyJWT); off until the settings name a provider. The provider says who somebody is;
what that person may do is said here. (OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636; RFC 9207.)
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from kitaran.foundation.errors import InputError, KitaranError

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
_WITHIN_S: Final = 10
_MOST_BYTES: Final = 1_000_000
_LEEWAY_S: Final = 60


class ProviderError(KitaranError):
    """The other provider did not say who it is, or not so that it can be believed."""

    http_status = 502
    title = "The other provider did not sign you in"


@dataclass(frozen=True)
class Provider:
    """Where people may sign in besides here. label : its name on the button"""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    label: str = ""


@dataclass(frozen=True)
class Pending:
    """What the browser keeps between leaving and coming back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def make(cls) -> Pending:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @property
    def challenge(self) -> str:
        """SHA-256 of the verifier, which the provider compares when the code is used (RFC 7636, 4.2)."""
        return base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


def address(provider: Provider, pending: Pending, redirect_uri: str) -> str:
    """Where to send the browser. Raises ProviderError if the provider cannot be reached."""
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": pending.challenge,
        "code_challenge_method": "S256",
    }
    endpoint = _endpoint(_metadata(provider), "authorization_endpoint")
    return endpoint + ("&" if "?" in endpoint else "?") + urlencode(query)


def subject(provider: Provider, pending: Pending, answer: Mapping[str, str], redirect_uri: str) -> str:
    """Who came back: the subject that the provider vouches for, in its own ID token for us.

    answer : the query with which the browser came back
    Raises ProviderError for an answer to another question, or a token that does not hold.
    """
    if not secrets.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
        raise _unbelievable("it answers another question")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise _unbelievable("another provider answers")
    if not answer.get("code"):
        raise _unbelievable(f"it says {answer.get('error', 'nothing')[:80]}")
    metadata = _metadata(provider)
    token = _exchange(provider, metadata, pending, answer["code"], redirect_uri)
    claims = _claims(provider, metadata, token)
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), pending.nonce.encode()):
        raise _unbelievable("its token was made for another visit")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise _unbelievable("its token was made for another site")
    found = claims.get("sub")
    if not isinstance(found, str) or not 0 < len(found) <= 255:
        raise _unbelievable("its token names nobody")
    return found


def check(provider: Provider) -> None:
    """Raises InputError if the extra is missing or the issuer is not reached over TLS."""
    parts = urlsplit(provider.issuer)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise InputError("The issuer is not reached over TLS.", "oidc_issuer", "Write https://...")
    try:
        import jwt  # noqa: F401
    except ImportError:
        raise InputError(
            "What checks the tokens of a provider is not installed.",
            "oidc_issuer",
            'Run: pip install "kitaran[oidc]"',
        ) from None


def _claims(provider: Provider, metadata: Mapping[str, Any], token: str) -> dict[str, Any]:
    """The claims of an ID token: signature, issuer, audience and times are checked."""
    import jwt

    try:
        keys = jwt.PyJWKSet.from_dict(_fetch(_endpoint(metadata, "jwks_uri")))
        wanted = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in keys.keys if wanted is None or key.key_id == wanted]
        if len(fitting) != 1:
            raise _unbelievable("its token names no key of its own")
        return jwt.decode(
            token,
            fitting[0],
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=_LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise _unbelievable(f"its token does not hold ({type(error).__name__})") from error


def _exchange(
    provider: Provider, metadata: Mapping[str, Any], pending: Pending, code: str, redirect_uri: str
) -> str:
    """The ID token for a code, asked for by this server itself."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": provider.client_id,
        "code_verifier": pending.verifier,
    }
    headers = {}
    if provider.client_secret:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    answer = _fetch(_endpoint(metadata, "token_endpoint"), urlencode(form).encode(), headers)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise _unbelievable("it gave no ID token")
    return token


def _metadata(provider: Provider) -> dict[str, Any]:
    found = _fetch(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise _unbelievable("it calls itself by another name")
    return found


def _endpoint(metadata: Mapping[str, Any], name: str) -> str:
    found = metadata.get(name)
    parts = urlsplit(found if isinstance(found, str) else "")
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise _unbelievable(f"its {name} is not reached over TLS")
    return str(found)


def _fetch(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(url, body, {"Accept": "application/json", **(headers or {})})
    try:
        with _opener().open(request, timeout=_WITHIN_S) as answer:
            found = json.loads(answer.read(_MOST_BYTES))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _unbelievable(f"it cannot be asked ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise _unbelievable("it answers nonsense")
    return found


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A provider that sends this server elsewhere is not followed: the code would go along."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_StayHere)


def _unbelievable(why: str) -> ProviderError:
    return ProviderError(
        f"The answer of the other provider cannot be used: {why}.",
        "sign-in",
        "Try again, or sign in with your password.",
    )
