"""What follows from these facts? No ORM, no clock, no settings."""
