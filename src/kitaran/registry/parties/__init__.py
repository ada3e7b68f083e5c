"""Who takes part: operators with their roles, keys, licences and tokens."""
