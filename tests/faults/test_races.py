"""Clients who race for the head of the same items: each item has exactly one winner."""

from __future__ import annotations

from collections import Counter
from random import Random
from threading import Barrier, Thread

from kitaran.foundation.database import reading
from kitaran.registry.ledger import repository
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.ledger.verify import verify_log
from tests.faults.conftest import open_store
from tests.registry.ledger.sample_noun import Party, holders, sample_ledger

MINISTRY = Party("ministry")


def test_of_many_clients_racing_for_one_head_exactly_one_wins(address: str, full: bool) -> None:
    clients, items = (64, 200) if full else (8, 20)
    nodes = [sample_ledger(open_store(address), MINISTRY) for _ in range(2)]
    won: list[tuple[str, str]] = []
    lost: list[str] = []
    start = Barrier(clients)

    def race(number: int) -> None:
        order = [f"pack-{item}" for item in range(items)]
        Random(number).shuffle(order)
        ledger = nodes[number % 2]
        start.wait()
        for first in range(0, items, 20):
            wanted = order[first : first + 20]
            events = [(MINISTRY.hands(item, f"client-{number}"), None) for item in wanted]
            for item, outcome in zip(wanted, ledger.append_all(events), strict=True):
                if isinstance(outcome, bytes):
                    won.append((item, f"client-{number}"))
                else:
                    assert isinstance(outcome, ConflictError), outcome
                    lost.append(item)

    threads = [Thread(target=race, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(item for item, _ in won) == {f"pack-{item}": 1 for item in range(items)}
    assert Counter(lost) == {f"pack-{item}": clients - 1 for item in range(items)}
    with reading(nodes[0].engine) as connection:
        assert holders(connection) == dict(won)
        assert repository.size(connection) == items
    assert verify_log(nodes[0].engine).problems == []
    for node in nodes:
        node.engine.dispose()
