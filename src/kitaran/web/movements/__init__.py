"""The procedure on the record: notifications, movements, corridors, reports."""
