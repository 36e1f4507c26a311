"""One file for each question of the board."""
