"""Template tags of the shared frame."""
