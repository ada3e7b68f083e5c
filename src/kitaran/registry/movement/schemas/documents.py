"""Documents of a dossier. What they state stands beside the log; their files, beside it too."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kitaran.registry.custody.schemas import Digest, EventId, Item
from kitaran.registry.ledger.kinds import Payload


class DocumentGiven(Payload):
    """A document of the law's table as evidence.

    document : its name there; about : the battery that it is about, None for the whole consignment
    digest   : SHA-256 of the file, which is kept beside the log
    what it states is sealed as `fields`
    """

    document: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
    about: Item | None = None
    digest: Digest | None = None
    media_type: Annotated[str, Field(pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$", max_length=80)] | None = None
    size: Annotated[int, Field(ge=1, le=50_000_000)] | None = None

    @model_validator(mode="after")
    def _file_is_whole(self) -> Self:
        if (self.digest is None) != (self.size is None):
            raise ValueError("a file has a digest and a size")
        return self


class DocumentWithdrawn(Payload):
    """A document counts no longer."""

    given: EventId
