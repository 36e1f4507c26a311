"""Doors: one room for each audience."""
