"""The battery passport: what is known of a model and of one battery, in versions, and who may read it."""
