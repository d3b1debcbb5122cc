"""How Etsy tokens are kept: sealed in the vault for this purpose alone (`accounts.vault`)."""

from __future__ import annotations

from elistit.accounts.vault import Secret, Unreadable, Vault

__all__ = ["VAULT", "Secret", "Unreadable", "decrypt", "encrypt"]

VAULT = Vault("elistit etsy tokens v1", "Etsy token")
encrypt = VAULT.encrypt
decrypt = VAULT.decrypt
