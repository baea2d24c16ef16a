"""Errors of the shared plumbing.

FoundationError
├── ConfigurationError     a configuration file cannot be used; the message names the key and the cure
└── Refused                an operation refuses its caller (in ``operations/problems.py``, beside what it carries)
"""


class FoundationError(Exception):
    """Root of everything this room raises."""


class ConfigurationError(FoundationError):
    """A configuration file that cannot be used."""
