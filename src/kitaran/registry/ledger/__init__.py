"""Signed events in one append-only log, and what an outsider needs to verify them.

canonical, merkle   bytes and trees, pure
signature, envelope what a person signs, and the leaf that stands for it in the tree
kinds, log          what may be appended, in which order it is checked, and the receipt
checkpoint, witness a signed root, and the outsider who remembers it
bundle, verifier    evidence in one file, and the program that checks it without Kitaran
"""
