"""The stateless decision: may this battery cross this border."""
