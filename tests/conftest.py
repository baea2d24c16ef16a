"""Sockets stay shut except in tests that say they open loopback ones."""

import pytest
from pytest_socket import disable_socket, enable_socket


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Block sockets unless the test is marked ``sockets``; subprocesses and AF_UNIX stay allowed."""
    if item.get_closest_marker("sockets"):
        enable_socket()
    else:
        disable_socket(allow_unix_socket=True)
