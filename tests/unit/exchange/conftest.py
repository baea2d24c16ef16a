"""Fuzz tests of the exchange layer find the same inputs in every run, and a busy machine fails none of them."""

from hypothesis import settings

settings.register_profile("exchange", deadline=None, derandomize=True)
settings.load_profile("exchange")
