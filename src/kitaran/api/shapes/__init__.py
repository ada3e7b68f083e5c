"""What the addresses of the API answer, field by field: for its description, which tests hold them to."""
