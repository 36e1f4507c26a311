"""One-time codes of an authenticator app: RFC 6238 as every app has it, pure and without a clock.

Six digits, thirty seconds, SHA-1: apps read other values from the address and ignore them.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
KEY_BYTES = 20
AROUND = (0, -1, 1)
"""The steps that are taken: the present one, and a neighbour for a phone whose clock is off."""


def new_key() -> str:
    """A key of 160 bits as apps take it: 32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode()


def step_at(at: datetime) -> int:
    """Which of the thirty-second steps since 1970 it is."""
    return int(at.timestamp()) // SECONDS


def code_of(key: str, step: int) -> str:
    """The six digits of a step (RFC 4226, with the step as its counter)."""
    mac = hmac.digest(base64.b32decode(key), step.to_bytes(8, "big"), hashlib.sha1)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(code: str, key: str, at: datetime, *, after: int) -> int | None:
    """The step that a typed code belongs to, or None; a step not after `after` opens nothing."""
    now = step_at(at)
    for step in (now + shift for shift in AROUND):
        if step > after and hmac.compare_digest(code_of(key, step).encode(), code.encode()):
            return step
    return None


def address(key: str, account: str, issuer: str) -> str:
    """What the QR code says to an authenticator app."""
    told = urlencode({"secret": key, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{told}"


# ------------------------------------------------------------------ codes on paper

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without what paper makes alike: I and 1, L, O and 0."""
CODES = 10
CODE_LETTERS = 10


def new_codes() -> list[str]:
    """Ten recovery codes of about 49 bits, as ABCDE-FGHJK."""
    words = ("".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)) for _ in range(CODES))
    return [f"{word[:5]}-{word[5:]}" for word in words]


def plain(typed: str) -> str:
    """What somebody typed, without the spaces and dashes that help the eye."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def digest(code: str) -> str:
    """As a recovery code is kept: too many possible ones to be tried, so no slow hash."""
    return hashlib.sha256(plain(code).encode()).hexdigest()
