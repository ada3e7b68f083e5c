"""The yard: take in, stock, hand over."""
