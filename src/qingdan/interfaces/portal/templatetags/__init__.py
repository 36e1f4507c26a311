"""How the portal says days and levels."""
