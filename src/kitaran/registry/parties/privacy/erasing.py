"""Forgetting: sealed values by an event of the log, accounts in their table; then no file holds the value."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from kitaran.foundation.database import writing
from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import erasure
from kitaran.registry.parties import account_tables as accounts
from kitaran.registry.parties.hand import Hand
from kitaran.registry.parties.privacy.values import ERASED, Kept


def erase(hand: Hand, kept: Sequence[Kept], reason: str) -> int:
    """Erase these values; how many. The event gives the reason, which names nobody.

    Raises InputError if an account of them has not ended: who may still sign in cannot be forgotten;
    WorkspaceError if somebody reads just then and the bytes have to be scrubbed again.
    """
    open_accounts = sorted({one.account for one in kept if one.account is not None and one.since is None})
    if open_accounts:
        raise InputError(
            f"The account {open_accounts[0]} has not ended.", "PERSON", "End the account first, then erase."
        )
    for one in kept:
        if one.item is not None:
            payload = {"seq": one.seq, "name": one.name, "reason": reason}
            hand.record(erasure.KIND.name, one.item, payload)
    for account in sorted({one.account for one in kept if one.account is not None}):
        _forget(hand, account)
    if kept:
        erasure.scrub(hand.ledger.engine)
    return len(kept)


def _forget(hand: Hand, account: str) -> None:
    """The account stays as an id without a name: the acts of access point to it."""
    with writing(hand.ledger.engine) as connection:
        for table in (accounts.session, accounts.link, accounts.browser, accounts.outside_identity):
            connection.execute(sa.delete(table).where(table.c.account == account))
        nothing = {"name": ERASED, "sign_in_name": f"erased-{account}", "password": None}
        this = accounts.account.c.account == account
        connection.execute(sa.update(accounts.account).where(this).values(**nothing))
