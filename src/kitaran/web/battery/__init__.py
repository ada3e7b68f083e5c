"""The page of one battery, `/b/{id}`: what all may read, and what its sides see beside it."""
