"""Personal data: where the studio stores it, its export, and its erasure."""
