"""Where Gelato is and the key we use there, from the environment (`docs/operations/configuration.md` lists the names).

The key is held as a `Secret` and must never be printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from elistit import config
from elistit.accounts.vault import Secret

ORDER_URL = "https://order.gelatoapis.com"
PRODUCT_URL = "https://product.gelatoapis.com"


@dataclass(frozen=True)
class GelatoConfig:
    """One Gelato account to talk to. The addresses are the servers alone. `paper` is Gelato's name of the paper that prints are
    offered on; `currency` is what quotes and drafts are asked for in."""

    order_url: str
    product_url: str
    key: Secret
    paper: str
    currency: str

    @property
    def ready(self) -> bool:
        """Whether the operator has entered a key. Without one, sellers see nothing of print on demand."""
        return bool(self.key)

    @classmethod
    def from_environment(cls) -> GelatoConfig:
        """The Gelato of this installation's settings."""
        ours = config.current().gelato
        return cls(
            (ours.order_url or ORDER_URL).rstrip("/"),
            (ours.product_url or PRODUCT_URL).rstrip("/"),
            Secret(ours.key.get_secret_value()),
            ours.paper,
            ours.currency.upper(),
        )
