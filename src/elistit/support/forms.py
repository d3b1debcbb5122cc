"""The forms of signing up and of adding a passkey, in the words of the studio. What they check is the library's."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignUpForm(SignupForm):
    """An address, and a password for those who want one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "A password, if you want one"
        self.fields[
            "password1"
        ].help_text = "Ten characters or more. Without one you sign in with codes sent by e-mail."


class PasskeyForm(AddWebAuthnForm):
    """Offers what most people want: a passkey that signs in by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "A name for it, like “My phone”"
        self.fields["name"].initial = "This device"
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = "Sign in with it alone, without a code or a password"
            self.fields["passwordless"].help_text = "Leave this out for a key that is only asked for as a second step."
            self.fields["passwordless"].initial = True
