"""Personal values: a register of what is kept of people, why and how long; export, erasure, what is due."""
