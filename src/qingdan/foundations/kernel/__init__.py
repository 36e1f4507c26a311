"""Refusals, the state table, reference numbers, identifiers and the two clocks."""
