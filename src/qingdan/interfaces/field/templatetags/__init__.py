"""How the card before the door says money and distance."""
