"""Liên Thông: an open-source platform for digital government."""

__version__ = "0.1.0"
