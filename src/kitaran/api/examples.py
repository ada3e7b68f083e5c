"""Examples in the description of the API: invented operators and batteries, in the forms that hold."""

from __future__ import annotations

from typing import Any, Final

_A, _B, _C = "a" * 64, "b" * 64, "c" * 64
_ID: Final = "0f3c9a5e7d1b2c4f8a6e0d9b7c5a3f11"
_AT: Final = "2026-01-31T08:00:00.000Z"
_ITEM: Final = "battery/pack-1"
EVENT: Final[dict[str, Any]] = {
    "v": 1,
    "kind": "custody.begun",
    "id": _ID,
    "actor": "delta-recyclers-1a2b3c4d",
    "key_id": _A,
    "items": [_ITEM],
    "expects": {_ITEM: None},
    "occurred_at": _AT,
    "place": "Rayong",
    "payload": {"form": "pack", "mass_kg": "412.5"},
    "signature": "d" * 128,
}
PARAMETERS: Final[dict[str, Any]] = {
    "item": _ITEM,
    "seq": 0,
    "size": 1,
    "from": 1,
    "to": 2,
    "code": "https://id.gs1.org/01/09506000134352/21/A7",
    "battery": _ID,
    "facility": "delta-yard",
    "incident": "incident-1a2b3c4d",
    "alert": "recall-1a2b3c4d",
}
ANSWERS: Final[dict[str, Any]] = {
    "Receipt": {
        "id": _ID,
        "seq": 17,
        "leaf_hash": _B,
        "digest": _C,
        "recorded_at": "2026-01-31T08:00:00.123Z",
        "items": {_ITEM: 1},
        "custody": "own",
    },
    "ItemStanding": {"item": _ITEM, "head": _C, "events": 1, "first_seq": 17, "last_seq": 17},
    "InclusionProof": {"seq": 0, "size": 2, "leaf_hash": _B, "root": _A, "proof": [_C]},
    "ConsistencyProof": {"from": 1, "to": 2, "root_from": _A, "root_to": _B, "proof": [_C]},
    "ParsedCode": {
        "valid": True,
        "scheme": "gs1_digital_link",
        "keys": {"01": "09506000134352", "21": "A7"},
        "errors": [],
    },
    "Batch": {
        "results": [
            {
                "error": {
                    "type": "about:blank",
                    "title": "It was already otherwise",
                    "status": 409,
                    "faults": [
                        {
                            "place": "$.expects",
                            "cause": "The head of the item has moved on.",
                            "remedy": "Fetch the item and sign anew.",
                        }
                    ],
                }
            }
        ]
    },
}
ANSWERS["Batch"]["results"].insert(0, {"receipt": ANSWERS["Receipt"]})
