"""What a signed-in person says with a click is signed with the key that the node keeps for its organisation.

The event names the session: a reader sees that the node signed, for whom, and in which session. Nobody speaks
in a session that has ended. The log judges by the roles of the organisation; what a person with fewer of
them may click is for the page to ask, with `access.require`.
"""

from __future__ import annotations

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.times import read_time
from kitaran.registry.parties import repository
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.hand import Hand
from kitaran.registry.parties.kept_keys import KeptKeys
from kitaran.registry.parties.roles import WRITES_NOTHING


def hand_of(ledger: Ledger, kept: KeptKeys, person: Person) -> Hand:
    """The hand with which a signed-in person records events for its organisation.

    Raises NotAllowedError without a session, without a role that writes, or if the node keeps no valid key
    for the organisation.
    """
    if person.session is None or not person.roles - WRITES_NOTHING:
        raise NotAllowedError(
            "Your account reads and records nothing.",
            "roles",
            "Ask the administrator of this installation for another role.",
        )
    return kept_hand(ledger, kept, person.operator.id, person.operator.name, person.session)


def kept_hand(ledger: Ledger, kept: KeptKeys, operator: str, name: str, session: str) -> Hand:
    """The hand with the newest valid key that the node keeps for an operator, in a session.

    Raises NotAllowedError if there is none.
    """
    with reading(ledger.engine) as connection:
        at = now()
        for row in reversed(repository.keys(connection, operator)):
            until = None if row.valid_until is None else read_time(row.valid_until, "valid_until")
            if row.custody == "custodial" and (until is None or at < until):
                return Hand(ledger, kept.open(connection, row.key_id), operator, session)
    raise NotAllowedError(
        f"This installation keeps no key for {name}, so nobody can sign with a click.",
        "key",
        "The organisation signs with its own program; or the administrator lets a key be kept here.",
    )
