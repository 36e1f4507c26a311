"""The outings of a day, and one stop."""
