"""Who holds a battery and who owns it, from the first entry to the last cell.

offering, claims   hand-over with two sides, and what the receiver disputes
dividing, lineage  packs into modules and cells and back, and the graph of it
placing, losing    in vehicles, stores and swap pools; lost, stolen, found
late               what a device recorded without a network
disclosure         who may see which part of a history
"""
