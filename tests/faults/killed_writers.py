"""Rounds of one process with 8 writers, killed with SIGKILL while it acknowledges.

    python -m tests.faults.killed_writers ADDRESS FOLDER ROUNDS

Each round forks a child from this process, which has imported everything, and kills it some milliseconds
after its first receipt. What a child acknowledged is what came through its pipe before it died: lines of
event id and receipt. Prints one line for each acknowledged event of all rounds.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from threading import Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.registry.ledger.checkpoint import Checkpointer, Signer
from kitaran.registry.ledger.last_signed import LastSigned
from tests.faults.conftest import open_store
from tests.registry.ledger.sample_noun import Party, sample_ledger

WRITERS = 8
ORIGIN = "registry.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
MINISTRY = Party("ministry")


def write(address: str, folder: Path, number: int, pipe: int) -> None:
    """Append without end from 8 threads, and say each receipt; sign now and then."""
    engine = open_store(address)
    last = LastSigned(folder)
    watch = Checkpointer(Signer(engine, ORIGIN, KEY, last), lambda error: None)
    ledger = sample_ledger(engine, MINISTRY, signed_to=last.size)

    def append(writer: int) -> None:
        for count in range(1_000_000):
            name = f"r{number:04}-w{writer}-{count:06}"
            if count % 2:
                event = MINISTRY.hands(f"pack-{name}", id=name)
            else:
                event = MINISTRY.measures(f"pack-{writer}", id=name)
            receipt = ledger.append(event)
            os.write(pipe, name.encode() + b" " + receipt + b"\n")
            if count % 20 == 0:
                watch.sign()

    threads = [Thread(target=append, args=(writer,), daemon=True) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def kill_one(address: str, folder: Path, number: int) -> bytes:
    """Everything that one child acknowledged before it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(address, folder, number, writing)
        finally:
            os._exit(1)
    os.close(writing)
    said = os.read(reading, 1 << 16)
    time.sleep(random.Random(number).uniform(0.0, 0.15))
    os.kill(child, signal.SIGKILL)
    while part := os.read(reading, 1 << 16):
        said += part
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if os.WTERMSIG(status) != signal.SIGKILL:
        raise RuntimeError("the child ended before it was killed")
    return said


def main() -> None:
    address, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    for number in range(rounds):
        sys.stdout.buffer.write(kill_one(address, folder, number))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
