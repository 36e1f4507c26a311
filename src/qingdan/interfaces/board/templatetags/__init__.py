"""How the board says lists, parts and money."""
