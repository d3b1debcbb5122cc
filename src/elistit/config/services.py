"""Settings of services outside: one group each. A service without its key is not offered."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import SecretStr

from elistit.config.setting import Group, Setting
from elistit.config.studio import UNSET
from elistit.config.values import Address, Choice, Key, Text

OWN = Address(guarded=True)
"""An address that is sent secrets: never unencrypted to another machine."""


class Etsy(Group):
    title: ClassVar[str] = "Etsy and listings"

    api_url: Annotated[str, Setting("ELISTIT_ETSY_API_URL", OWN, "Base address of the Etsy API.", "Etsy's own")] = ""
    auth_url: Annotated[
        str, Setting("ELISTIT_ETSY_AUTH_URL", OWN, "Where sellers allow access to their shop.", "Etsy's own")
    ] = ""
    token_url: Annotated[
        str, Setting("ELISTIT_ETSY_TOKEN_URL", OWN, "Where Etsy's tokens are issued and renewed.", "Etsy's own")
    ] = ""
    keystring: Annotated[SecretStr, Setting("ELISTIT_ETSY_KEYSTRING", Key(), "The keystring of your Etsy app.")] = UNSET
    shared_secret: Annotated[
        SecretStr, Setting("ELISTIT_ETSY_SHARED_SECRET", Key(), "The shared secret of your Etsy app.")
    ] = UNSET
    when_made: Annotated[
        str,
        Setting(
            "ELISTIT_ETSY_WHEN_MADE", Text(), "Overrides the `when_made` range sent to Etsy.", "the running decade"
        ),
    ] = ""
    currencies: Annotated[
        str,
        Setting(
            "ELISTIT_CURRENCIES", Text("file"), "A file with your own price points and limits per currency.", "ours"
        ),
    ] = ""
    trademarks: Annotated[
        str,
        Setting(
            "ELISTIT_TRADEMARKS", Text("file"), "A file with further protected names to point out, one a line.", "ours"
        ),
    ] = ""

    @property
    def configured(self) -> bool:
        """Whether anything of Etsy's own is set."""
        return bool(
            self.api_url
            or self.auth_url
            or self.token_url
            or self.keystring.get_secret_value()
            or self.shared_secret.get_secret_value()
        )


class Google(Group):
    title: ClassVar[str] = "Google Drive"

    client_id: Annotated[
        str,
        Setting("ELISTIT_GOOGLE_CLIENT_ID", Text(), "With it and the next, sellers can connect their Google Drive."),
    ] = ""
    client_secret: Annotated[
        SecretStr, Setting("ELISTIT_GOOGLE_CLIENT_SECRET", Key(), "The secret of your Google OAuth client.")
    ] = UNSET
    api_url: Annotated[
        str, Setting("ELISTIT_GOOGLE_API_URL", OWN, "Base address of the Drive API, for tests.", "Google's own")
    ] = ""
    auth_url: Annotated[
        str, Setting("ELISTIT_GOOGLE_AUTH_URL", OWN, "Where sellers give their consent, for tests.", "Google's own")
    ] = ""
    token_url: Annotated[
        str, Setting("ELISTIT_GOOGLE_TOKEN_URL", OWN, "Where tokens come from, for tests.", "Google's own")
    ] = ""


class Gelato(Group):
    title: ClassVar[str] = "Print on demand (Gelato)"

    key: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_GELATO_KEY", Key(), "With it, sellers can create draft orders of posters in your Gelato account."
        ),
    ] = UNSET
    order_url: Annotated[
        str, Setting("ELISTIT_GELATO_ORDER_URL", OWN, "Base address of the order API, for tests.", "Gelato's own")
    ] = ""
    product_url: Annotated[
        str, Setting("ELISTIT_GELATO_PRODUCT_URL", OWN, "Base address of the product API, for tests.", "Gelato's own")
    ] = ""
    paper: Annotated[str, Setting("ELISTIT_GELATO_PAPER", Text(), "Gelato's `PaperType` of the posters on offer.")] = (
        "200-gsm-uncoated"
    )
    currency: Annotated[
        str, Setting("ELISTIT_GELATO_CURRENCY", Text(), "The currency quotes are asked for in, such as EUR.")
    ] = "USD"


class Replicate(Group):
    title: ClassVar[str] = "Replicate"

    token: Annotated[
        SecretStr, Setting("ELISTIT_REPLICATE_TOKEN", Key(), "With it, Replicate's models are offered.")
    ] = UNSET
    api_url: Annotated[
        str,
        Setting("ELISTIT_REPLICATE_API_URL", Address(), "Base address of the Replicate API.", "Replicate's own"),
    ] = ""
    webhook_secret: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_REPLICATE_WEBHOOK_SECRET",
            Key(),
            "Proves that a message comes from Replicate (`whsec_…`).",
            "asked for with the token",
        ),
    ] = UNSET
    models: Annotated[
        str,
        Setting(
            "ELISTIT_REPLICATE_MODELS",
            Text("`name=owner/model`"),
            "Pins other models or costs: `real-esrgan=owner/model:version@0.002; …`.",
            "the pinned ones",
        ),
    ] = ""


class ComfyUi(Group):
    title: ClassVar[str] = "ComfyUI"

    url: Annotated[
        str,
        Setting(
            "ELISTIT_COMFYUI_URL",
            Address(),
            "With it, your ComfyUI server's workflow is offered: https, or http in your own network.",
        ),
    ] = ""
    key: Annotated[
        SecretStr, Setting("ELISTIT_COMFYUI_KEY", Key(), "Bearer token, where a proxy in front of it asks for one.")
    ] = UNSET
    workflow: Annotated[
        str,
        Setting(
            "ELISTIT_COMFYUI_WORKFLOW", Text("file"), "A workflow file in API format, with `%prompt%` and so on in it."
        ),
    ] = ""
    checkpoint: Annotated[
        str,
        Setting("ELISTIT_COMFYUI_CHECKPOINT", Text(), "Instead of a file: the checkpoint of a plain workflow."),
    ] = ""


class OpenAi(Group):
    title: ClassVar[str] = "OpenAI"

    key: Annotated[SecretStr, Setting("ELISTIT_OPENAI_KEY", Key(), "With it, OpenAI's image models are offered.")] = (
        UNSET
    )
    api_url: Annotated[
        str, Setting("ELISTIT_OPENAI_API_URL", Address(), "Base address of the OpenAI API.", "OpenAI's own")
    ] = ""
    model: Annotated[
        str, Setting("ELISTIT_OPENAI_MODEL", Text(), "The OpenAI image model to ask for.", "the newest known")
    ] = ""


class Recraft(Group):
    title: ClassVar[str] = "Recraft"

    key: Annotated[SecretStr, Setting("ELISTIT_RECRAFT_KEY", Key(), "With it, Recraft's models are offered.")] = UNSET
    api_url: Annotated[
        str, Setting("ELISTIT_RECRAFT_API_URL", Address(), "Base address of the Recraft API.", "Recraft's own")
    ] = ""


class Llm(Group):
    title: ClassVar[str] = "Language model"

    model: Annotated[
        str,
        Setting(
            "ELISTIT_LLM_MODEL",
            Text(),
            "With it, a language model writes and translates listings, and writes outside prompts.",
        ),
    ] = ""
    url: Annotated[
        str,
        Setting(
            "ELISTIT_LLM_URL",
            Address(),
            "Where the language model answers chat completions, up to `/v1`.",
            "OpenAI's own",
        ),
    ] = ""
    key: Annotated[
        SecretStr, Setting("ELISTIT_LLM_KEY", Key(), "The key for it; a model on this machine may need none.")
    ] = UNSET


class Stripe(Group):
    title: ClassVar[str] = "Stripe"

    key: Annotated[
        SecretStr, Setting("ELISTIT_STRIPE_KEY", Key(), "With it and the next, plans and top-ups can be bought.")
    ] = UNSET
    webhook_secret: Annotated[
        SecretStr,
        Setting("ELISTIT_STRIPE_WEBHOOK_SECRET", Key(), "Proves that a message comes from Stripe (`whsec_…`)."),
    ] = UNSET
    api_url: Annotated[
        str, Setting("ELISTIT_STRIPE_API_URL", OWN, "Base address of the Stripe API.", "Stripe's own")
    ] = ""


class Oidc(Group):
    title: ClassVar[str] = "Identity server (OpenID Connect)"

    issuer: Annotated[
        str,
        Setting(
            "ELISTIT_OIDC_ISSUER", OWN, "The issuer of your identity server; with it people can sign in through that server.",
        ),
    ] = ""  # fmt: skip
    client_id: Annotated[
        str, Setting("ELISTIT_OIDC_CLIENT_ID", Text(), "The client this studio is at that server.")
    ] = ""
    client_secret: Annotated[SecretStr, Setting("ELISTIT_OIDC_CLIENT_SECRET", Key(), "The secret of that client.")] = (
        UNSET
    )
    name: Annotated[str, Setting("ELISTIT_OIDC_NAME", Text(), "The server's name on the sign-in button.")] = (
        "your organization"
    )
    signup: Annotated[
        Literal["closed", "open"],
        Setting(
            "ELISTIT_OIDC_SIGNUP", Choice(("closed", "open"), any_case=True),
            "`open` gives an account to everyone that server signs in with a verified address.",
        ),
    ] = "closed"  # fmt: skip

    @property
    def configured(self) -> bool:
        """Whether people can sign in through an identity server. A part of it without the rest is refused at the start."""
        return bool(self.issuer and self.client_id and self.client_secret.get_secret_value())
