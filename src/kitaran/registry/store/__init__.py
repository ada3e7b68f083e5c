"""Where the registry is kept: a SQLite file or PostgreSQL, its backup, and the move from one to the other."""

from kitaran.registry.store.opening import open_registry

__all__ = ["open_registry"]
