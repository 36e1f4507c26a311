"""The page frame, components, template tags, and refusals turned into answers."""
