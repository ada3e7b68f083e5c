"""Movement decisions a second on one core: read a dossier, decide it, give it as a dictionary. Reach: 2,000.

    python benchmarks/movement_decisions.py [COUNT]

Counted in processor time of this process. The floor measured in the same run is `json.loads` of the same
dossiers: what any engine must do at least.
"""

from __future__ import annotations

import json
import random
import sys
import time
from typing import Any

from kitaran.law import decide, packaged_book, read_case
from kitaran.law.case import vocabulary

STATES = (
    "IN",
    "CN",
    "JP",
    "KR",
    "TH",
    "VN",
    "ID",
    "MY",
    "PH",
    "SG",
    "BD",
    "LK",
    "BT",
    "LA",
    "AU",
    "EU",
    "US",
)
FIRST, LAST = 2020, 2028


def dossiers(count: int, seed: int = 1) -> list[str]:
    """Dossiers over the vocabulary as JSON text."""
    rng = random.Random(seed)
    words = vocabulary()
    made = []
    for _ in range(count):
        export, import_, transit = rng.sample(STATES, 3)
        facts: dict[str, Any] = {
            "item": {name: rng.choice(words["item"][name]) for name in ("kind", "chemistry", "condition")},
            "purpose": rng.choice(words["purpose"]),
            "route": {
                "export": export,
                "import": import_,
                "transit": [transit] if rng.random() < 0.4 else [],
                "mode": rng.choice(words["route"]["mode"]),
            },
            "evidence": {name: True for name in words["evidence"] if rng.random() < 0.7},
            "consents": {cc: True for cc in (export, import_) if rng.random() < 0.5},
        }
        day = f"{rng.randint(FIRST, LAST)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        made.append(json.dumps({"as_of": day, "facts": facts}))
    return made


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    texts = dossiers(count)
    packaged_book()
    for text in texts[:500]:
        decide(read_case(json.loads(text))).as_dict()
    start = time.process_time()
    for text in texts:
        decide(read_case(json.loads(text))).as_dict()
    decided = time.process_time() - start
    start = time.process_time()
    for text in texts:
        json.loads(text)
    floor = time.process_time() - start
    print(
        f"{count / decided:,.0f} decisions a second; {decided / floor:,.0f} times the floor of parsing alone"
    )


if __name__ == "__main__":
    main()
