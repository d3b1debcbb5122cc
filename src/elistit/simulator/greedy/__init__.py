"""A greedy seller: searches for sequences of actions that leave it with more than it paid for. Drives the product's own rules."""
