"""Keys of the links to people's own pages: unguessable, derived from the installation's secret, stored as digests."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from lienthong.systems.vocabulary.person_number import PersonNumber


def access_key(number: PersonNumber, *, secret: str) -> str:
    """The 256-bit key of a person's page, URL-safe; only the holder of *secret* can make it."""
    tag = hmac.new(secret.encode(), b"own access page\x00" + number.digits.encode(), sha256).digest()
    return urlsafe_b64encode(tag).rstrip(b"=").decode("ascii")


def key_digest(key: str) -> str:
    """What the register keeps of a key."""
    return sha256(key.encode()).hexdigest()
