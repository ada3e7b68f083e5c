"""Sign an event with one's own key, post it, and fetch the proof that the log holds it.

python sign_and_post.py SERVER OPERATOR TOKEN KEY.pem PUBLIC_KEY_HEX    (needs `cryptography` and `httpx`)
"""

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.serialization import load_pem_private_key

server, operator, token, key_file, new_key = sys.argv[1:]  # here: register a further key of one's own
key = load_pem_private_key(Path(key_file).read_bytes(), None)
api = httpx.Client(base_url=f"{server}/api/v1", headers={"Authorization": f"Bearer {token}"})


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()


def ask(method: str, path: str, **sent):
    return api.request(method, path, **sent).raise_for_status().json()


item, new_id = f"operator/{operator}", key_id(bytes.fromhex(new_key))
payload = {"operator": operator, "key_id": new_id, "public_key": new_key, "custody": "own"}
now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
envelope = {"v": 1, "kind": "parties.key_added", "id": str(uuid4()), "actor": operator, "place": None}
envelope |= {"key_id": key_id(key.public_key().public_bytes_raw()), "items": [item], "occurred_at": now}
envelope |= {"expects": {item: ask("GET", f"/items/{item}")["head"]}, "payload": payload}
signed = json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
receipt = ask("POST", "/events", json=envelope | {"signature": key.sign(signed).hex()})
size = ask("GET", "/ledger/checkpoint")["size"]
proof = ask("GET", "/ledger/proof/inclusion", params={"seq": receipt["seq"], "size": size})
print(json.dumps({"receipt": receipt, "proof": proof}, indent=2))
