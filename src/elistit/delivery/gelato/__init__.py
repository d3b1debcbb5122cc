"""Print on demand at Gelato: sizes, quotes and draft orders. It must never submit an order to production (decision 0064)."""
