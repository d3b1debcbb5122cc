"""What the studio keeps about a person: where it is, a copy of it for them, and its end."""
