"""`elistit --remote URL …`: the seller's commands on a studio elsewhere, through its API and with the seller's key.

It must never open a database or import the product: everything is asked of that studio.
"""
