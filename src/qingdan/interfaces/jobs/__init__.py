"""What the clock does: readers of the journal, live topics, the tick."""
