"""Ground floor: errors, units, clock, settings, progress, database and jobs. Knows no noun of the field."""
