"""The register of sources, and the grade that a source of its kind can bear.

Sources with a chosen id stand in own/sources.csv. A page that a given row cites gets an id made from
publisher, title and address, so that the id does not depend on the order in which rows are read.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from given import Given
from writing import own_rows, packaged_rows

VAHAN = "vahan-2024"
ANALYST = "analyst-range-2026"
UNKNOWN_LICENCE = "facts only; publisher's terms not seen"
OWN_ASSUMPTION = "own assumption"
NO_PUBLISHER = (
    "blog",
    "mirror",
    "repost",
    "aggregator",
    "message-board",
    "student article",
    "trade site",
    "(maker)",
    "copy of yourstory",
    "press relay",
    "relay of",
    "market report summary",
    "(newsletter)",
    "kathmanduhotels",
)
OFFICIAL = (
    "land transport authority",
    "dsec",
    "ministry of",
    "government of",
    "department of",
    "world bank",
    "asian development bank",
    "south australia government",
    "undp",
    "united nations",
)
NAMED = re.compile(r"icct|fourin|smm|university|asean centre|giz|wri |bnef|benchmark", re.IGNORECASE)
BLOG = re.compile(r"blogspot\.|wordpress\.com|dailyprofittips|scribd\.com")
NAMES_ITS_SOURCE = re.compile(r"quoting|, from |/ IEA|/ APP")


class Register:
    """Sources of the figures, by id."""

    def __init__(self) -> None:
        self.cited: dict[str, dict[str, Any]] = {}

    def cite(self, given: Given, year: str = "") -> str:
        """The id of the page that a given row cites by title, address and publisher."""
        publisher, title, url = given["publisher"], given["source_title"], given["source_url_or_repo"]
        if publisher == "analyst":
            return ANALYST
        if publisher.startswith("repository copy of VAHAN"):
            return VAHAN
        source_id = page_id(publisher, title, url)
        self.cited.setdefault(
            source_id,
            {
                "source": source_id,
                "title": title,
                "publisher": publisher,
                "kind": kind_of(publisher, url),
                "url": url,
                "licence": UNKNOWN_LICENCE,
                "seen": _seen(given, publisher, url),
                "year": year or given.get("date_published", "")[:4],
            },
        )
        return source_id

    def rows(self, used: Iterable[str]) -> list[dict[str, Any]]:
        """Rows of the table `sources` beside those of own/; ValueError names ids without an entry.

        Sources of tables that are made elsewhere stay as they stand in the package.
        """
        own = {str(row["source"]) for row in own_rows("sources")}
        wanted = set(used) - own
        known = {str(row["source"]): dict(row) for row in packaged_rows("sources")} | self.cited
        if missing := sorted(wanted - set(known)):
            raise ValueError(f"sources: no entry for {missing}")
        return [known[source_id] for source_id in sorted(wanted)]


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
    """What stands behind a page: an official body, a named publisher, the press, a mirror."""
    name = publisher.lower().replace("dhaka mirror", "")
    if publisher == "analyst":
        return "assumption"
    if any(word in name for word in NO_PUBLISHER) or BLOG.search(url):
        return "mirror"
    if any(word in name.split(" quoting")[0] for word in OFFICIAL):
        return "official"
    return "publisher" if NAMED.search(publisher) else "press"


def grade_of(given: Given) -> str:
    """The grade of a given row from its quality letter.

    A stays A. B needs an official body, a named publisher, or a report that names its source ("quoting");
    press alone, or a relay that names its source, is C. A mirror, a blog, any other relay, or a page whose
    address was not kept is D whatever it says.
    """
    quality, publisher, url = given["quality"], given["publisher"], given["source_url_or_repo"]
    if publisher.startswith("repository copy of VAHAN"):
        return "B"
    kind = kind_of(publisher, url)
    relayed = kind == "press" and given.get("seen") == "secondary"
    named = kind in ("official", "publisher") or NAMES_ITS_SOURCE.search(publisher)
    if kind in ("mirror", "assumption") or "address not kept" in url or (relayed and not named):
        return "D"
    return max(quality, "C") if relayed or not named else quality


def _seen(given: Given, publisher: str, url: str) -> str:
    """A press page itself was read (as an excerpt); a mirror or a copy is second hand."""
    if "seen" in given:
        return {"primary": "primary", "general_knowledge": "none"}.get(given["seen"], "secondary")
    copied = kind_of(publisher, url) == "mirror" or "copy" in publisher
    return "secondary" if copied or "address not kept" in url else "primary"
