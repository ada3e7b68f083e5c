"""How often somebody may try a password.

Each address has a bucket, whatever the name. Each name has one for all strangers together. A browser from
which the account was opened before has one of its own: whoever empties the strangers' bucket hinders the
owner neither there nor through a one-time link, so nobody is locked out for ever (OWASP's device cookies).
A name that nobody has is counted like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from kitaran.api.pace import Pace
from kitaran.registry.parties.accounts import readable


def _by_address() -> Pace:
    return Pace(per_second=0.2, at_once=30)


def _by_name() -> Pace:
    return Pace(per_second=1 / 60, at_once=10)


@dataclass
class Attempts:
    """The buckets of one server: 30 at once and 12 a minute from an address, 10 at once and one a minute for
    a name, and as many from a browser that the account knows.
    """

    addresses: Pace = field(default_factory=_by_address)
    strangers: Pace = field(default_factory=_by_name)
    browsers: Pace = field(default_factory=_by_name)

    def take(self, address: str, name: str, browser: str | None) -> None:
        """Count one attempt, before the password is looked at. Raises TooFastError if there were too many.

        browser : digest of a browser that this account knows; None for a stranger's
        """
        self.addresses.take(address)
        if browser is None:
            self.strangers.take(sha256(readable(name).encode("utf-8", "surrogatepass")).hexdigest())
        else:
            self.browsers.take(browser)
