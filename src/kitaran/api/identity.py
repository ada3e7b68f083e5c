"""Codes on labels over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from kitaran.api.registry import anyone
from kitaran.registry import identity

router = APIRouter(prefix="/api/v1/identity", tags=["identity"], dependencies=[Depends(anyone)])


@router.get("/parse")
def parse(code: Annotated[str, Query(description="The code as typed or scanned.")]) -> dict[str, Any]:
    """Which scheme a code follows, what it says, and what is wrong with it: {valid, scheme, keys, errors}."""
    return identity.parse(code).as_dict()
