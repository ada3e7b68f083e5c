"""Grade used batteries, record results, build systems."""
