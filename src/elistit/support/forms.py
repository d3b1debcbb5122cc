"""The forms of signing up and of adding a passkey, in the words of the studio. What they check is the library's."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignUpForm(SignupForm):
    """An address, and a password for those who want one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Password (optional)"
        self.fields[
            "password1"
        ].help_text = "At least ten characters. Without a password you sign in with codes sent by e-mail."


class PasskeyForm(AddWebAuthnForm):
    """Offers what most people want: a passkey that signs in without a second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name, for example “My phone”"
        self.fields["name"].initial = "This device"
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = "Sign in with this passkey alone, without a code or password"
            self.fields["passwordless"].help_text = "Turn this off to use the passkey only as a second step."
            self.fields["passwordless"].initial = True
