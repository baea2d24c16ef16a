"""The country's public key infrastructure as data, from ``pki.yaml``."""

from __future__ import annotations

from importlib.resources import files

import msgspec
import yaml


class KeyWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key that every security server has certified."""

    profile: str
    """Of the authority."""
    subject: dict[str, str]
    """Attributes, with places for the server's names."""
    dns: tuple[str, ...] = ()
    """DNS names, with the same places."""


class Pki(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The country's public key infrastructure, from ``pki.yaml``."""

    authority: dict[str, str | int]
    """Settings of the authority."""
    keys: dict[str, KeyWish]
    """By name."""


def read_pki() -> Pki:
    """The infrastructure as the package ships it."""
    text = files(__package__).joinpath("pki.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), Pki)
