"""What the bench scripts share: how a section is printed, databases of their own, a chain without work."""
