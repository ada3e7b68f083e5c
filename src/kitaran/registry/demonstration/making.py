"""Making a demonstration: the story, and a person for each role who signs in by one click."""

from __future__ import annotations

import shutil

from kitaran.foundation.database import writing
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import open_whole
from kitaran.registry.demonstration import place
from kitaran.registry.demonstration.abroad import shipments
from kitaran.registry.demonstration.place import Demonstration
from kitaran.registry.demonstration.rules import ALONE, admit
from kitaran.registry.demonstration.story import tell
from kitaran.registry.demonstration.teller import Teller, cast
from kitaran.registry.parties import accounts


def make(workspace: Workspace) -> Demonstration:
    """Make the demonstration of a workspace; what an interrupted making left is made anew.

    Raises InputError if there is one, or the workspace's own registry has begun.
    """
    if place.find(workspace) is not None:
        raise InputError("There is a demonstration here.", str(workspace.root), "Remove it first.")
    if place.begun(workspace):
        raise InputError(
            "The registry of this workspace is in use, and a demonstration would not be shown.",
            str(workspace.root),
            "Make it in another workspace: name a new folder with --workspace.",
        )
    root = workspace.root / place.FOLDER
    shutil.rmtree(root, ignore_errors=True)
    own = Workspace.make(root)
    registry = open_whole(own, ALONE, admission=admit)
    try:
        teller = Teller(registry)
        tell(teller)
        shipments(teller)
        with writing(registry.engine) as connection:
            people = [
                accounts.add(connection, one["operator"], one["name"], f"demonstration-{one['role']}").id
                for one in cast()["people"]
            ]
    finally:
        registry.engine.dispose()
    place.mark(own, people)
    return Demonstration(own, tuple(people))
