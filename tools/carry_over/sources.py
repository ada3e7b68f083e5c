"""The register of sources: one row a source that some figure names, with a readable id that never changes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from writing import own_rows, packaged_rows

VAHAN = "vahan-2024"
UNKNOWN_LICENCE = "facts only; publisher's terms not seen"
NO_PUBLISHER = (
    "blog", "mirror", "repost", "aggregator", "message-board", "student article", "trade site", "(maker)",
    "copy of yourstory", "press relay", "relay of", "market report summary", "(newsletter)", "kathmanduhotels",
)  # fmt: skip
BLOG = re.compile(r"blogspot\.|wordpress\.com|dailyprofittips|scribd\.com")
OFFICIAL = (
    "land transport authority", "dsec", "ministry of", "government of", "moRTH", "department of", "world bank",
    "asian development bank", "south australia government", "undp", "united nations", "iea",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One source. kind: official, publisher, press, repository, mirror, assumption or own."""

    title: str
    publisher: str
    kind: str
    url: str
    licence: str = UNKNOWN_LICENCE
    seen: str = "secondary"
    year: str = ""
    note: str = ""


class Register:
    """Sources by id. Ids of cited pages are made from publisher and title, so that they do not depend on order."""

    def __init__(self) -> None:
        self.named: dict[str, Source] = {}
        self.cited: dict[tuple[str, str, str], Source] = {}

    def name(self, source_id: str, source: Source) -> str:
        """Register a source under a chosen id."""
        self.named[source_id] = source
        return source_id

    def cite(self, row: dict[str, str], year: str = "") -> str:
        """The id of the page that a given row cites by title, address and publisher."""
        publisher, title, url = row["publisher"], row["source_title"], row["source_url_or_repo"]
        if publisher.startswith("repository copy of VAHAN"):
            return VAHAN
        key = (publisher, title, url)
        if key not in self.cited:
            seen = _seen(row, publisher, url)
            self.cited[key] = Source(title, publisher, kind_of(publisher, url), url, seen=seen,
                                     year=year or row.get("date_published", "")[:4])  # fmt: skip
        return page_id(*key)

    def rows(self, used: Iterable[str]) -> list[dict[str, Any]]:
        """Rows of the table `sources` for the ids that figures use; ValueError names ids without an entry.

        Sources of tables that are made elsewhere stay as they stand in the package.
        """
        known = {page_id(*key): vars(source) for key, source in self.cited.items()}
        known |= {source_id: vars(source) for source_id, source in self.named.items()}
        own = {str(row["source"]) for row in own_rows("sources")}
        wanted = set(used) - own
        known = {row["source"]: row for row in packaged_rows("sources") if row["source"] not in known} | known
        if missing := sorted(wanted - set(known)):
            raise ValueError(f"sources: no entry for {missing}")
        return [{"source": source_id, **known[source_id]} for source_id in sorted(wanted)]


def page_id(publisher: str, title: str, url: str) -> str:
    """A readable id: who, what, and four digits of the address so that two pages never share one."""
    digest = hashlib.sha256(f"{title}|{url}".encode()).hexdigest()[:4]
    who = slug(re.split(r",| \(|/| quoting", publisher)[0])[:28].rstrip("-")
    return f"{who}-{slug(title)[:34].rstrip('-')}-{digest}"


def slug(text: str) -> str:
    """Lower-case letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def kind_of(publisher: str, url: str) -> str:
    """What stands behind a page: an official body, a named publisher, the press, a mirror, a repository."""
    name = publisher.lower()
    if publisher == "analyst":
        return "assumption"
    if any(word in name.replace("dhaka mirror", "") for word in NO_PUBLISHER) or BLOG.search(url):
        return "mirror"
    if "copy in public repository" in name:
        return "official"
    if any(word.lower() in publisher.lower().split(" quoting")[0] for word in OFFICIAL):
        return "official"
    if re.search(r"icct|fourin|smm|university|asean centre|giz|wri |bnef|benchmark", publisher, re.I):
        return "publisher"
    return "press"


def grade_of(row: dict[str, str], register: Register) -> str:
    """The grade of a given row from its quality letter.

    A stays A. B needs an official body, a named publisher, or a report that names its source ("quoting"); press
    alone is C. A mirror, a blog, a press report seen only in a relay, or a page whose address was not kept is D
    whatever it says.
    """
    quality = row["quality"]
    if row["publisher"].startswith("repository copy of VAHAN"):
        return "B"
    publisher, url = row["publisher"], row["source_url_or_repo"]
    kind = kind_of(publisher, url)
    second_hand = kind == "press" and row.get("seen") == "secondary"
    if kind in ("mirror", "assumption") or second_hand or "address not kept" in url:
        return "D"
    named = kind in ("official", "publisher") or re.search(r"quoting|, from |/ IEA|/ APP", publisher)
    return "C" if quality == "B" and not named else quality


def _seen(row: dict[str, str], publisher: str, url: str) -> str:
    """How a page was seen. A press page itself was read (as an excerpt); a mirror or a copy is second hand."""
    if "seen" in row:
        return {"primary": "primary", "general_knowledge": "none"}.get(row["seen"], "secondary")
    copied = kind_of(publisher, url) == "mirror" or "copy" in publisher
    return "secondary" if copied or "address not kept" in url else "primary"
