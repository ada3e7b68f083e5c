"""Recalls and safety alerts about batteries with a passport, and about those whose label names the model.

An alert names a model by its GTIN or by an id of its maker: that under which the model is registered, its
name or its part number. Everyone may read which alerts concern a model, but only those of an authority or of
whoever answers for the model: the word of a rival stands in the list of alerts, not on the battery's page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.ledger import canonical
from kitaran.registry.parties import standing
from kitaran.registry.parties.alerts import finding
from kitaran.registry.parties.alerts import repository as alerts
from kitaran.registry.parties.alerts.finding import in_range
from kitaran.registry.parties.alerts.repository import Alert
from kitaran.registry.passport import repository
from kitaran.registry.passport import tables as t
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.repository import Battery, Model

Pattern = Mapping[str, str]
_GTIN_DIGITS: Final = 14
_MAKERS_IDS: Final = ("model_name", "part_number")
_SHOWN: Final = ("what", "title", "hazard", "instruction", "reference")


def in_passports(connection: Connection, pattern: Pattern) -> Iterator[str]:
    """Items of batteries whose model the pattern names, or whose label says its GTIN; a batch that is not
    known counts as affected.
    """
    named = [one.id for one in repository.models(connection) if names_model(pattern, one)]
    c = t.battery.c
    query = sa.select(c.battery, c.content).where(c.model.in_(named)).order_by(c.battery)
    for one in connection.execute(query):
        if in_range(canonical.loads(one.content).get("batch_number"), pattern):
            yield item_of(one.battery)
    if "gtin" in pattern:
        a = t.alias.c
        label = a.value.startswith(f"01/{pattern['gtin']}/", autoescape=True)
        known = sa.select(a.battery).where(a.scheme == "gs1", label).join(t.battery, c.battery == a.battery)
        for battery in connection.execute(known.where(c.model.is_(None)).order_by(a.battery)).scalars():
            yield item_of(battery)


FINDERS: Final[tuple[finding.Finder, ...]] = (*finding.FINDERS, in_passports)
"""Every way to find the batteries that an alert concerns."""


def names_model(pattern: Pattern, model: Model) -> bool:
    """Whether the pattern names the model: by what both tell, and by nothing otherwise."""
    gtin, wanted = model.content.get("gtin"), pattern.get("model")
    same_gtin = gtin is not None and str(gtin).zfill(_GTIN_DIGITS) == pattern.get("gtin")
    if "gtin" in pattern and gtin is not None and not same_gtin:
        return False
    return same_gtin or wanted in (model.id, *(model.content.get(name) for name in _MAKERS_IDS if wanted))


def of_battery(connection: Connection, battery: Battery, model: Model | None) -> list[dict[str, Any]]:
    """Alerts that hold and concern the battery's model, newest first, with the batches that they name."""
    labels = [value for scheme, value in repository.aliases(connection, battery.id) if scheme == "gs1"]
    found = []
    for one in alerts.alerts(connection):
        pattern = one.content["pattern"]
        about = (
            names_model(pattern, model)
            if model is not None
            else any(label.startswith(f"01/{pattern.get('gtin')}/") for label in labels)
        )
        if one.withdrawn_at is None and about and _heard(connection, one, model):
            found.append(_shown(one))
    return found


def concerns(alert: Mapping[str, Any], batch: Any) -> bool:
    """Whether an alert that `of_battery` told concerns a battery of this batch; yes if it is not known."""
    named = {name: alert[name] for name in ("batch_from", "batch_until") if alert[name] is not None}
    return in_range(batch, named)


def _heard(connection: Connection, alert: Alert, model: Model | None) -> bool:
    """Whether the alert is an authority's, or that of who answers for the model."""
    own = model is not None and alert.issued_by == model.operator
    return own or standing.manages(connection, alert.issued_by, datetime.fromisoformat(alert.issued_at))


def _shown(alert: Alert) -> dict[str, Any]:
    pattern = alert.content["pattern"]
    return {
        "alert": alert.id,
        **{name: alert.content.get(name) for name in _SHOWN},
        "batch_from": pattern.get("batch_from"),
        "batch_until": pattern.get("batch_until"),
        "issuer": alert.issuer,
        "issued_at": alert.issued_at,
    }
