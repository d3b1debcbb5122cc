"""Buying credits with Stripe: Checkout for plans and top-up packs, and what Stripe tells us afterwards.

Off unless the operator has set a Stripe key. A card number never reaches this program, and no credit is booked for a
payment that Stripe has not confirmed.
"""
