"""Markets after the first life: what used batteries, vehicles and black mass are worth."""
