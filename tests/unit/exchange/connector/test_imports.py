"""What a system loads with the connector: little, until it asks for the asynchronous one."""

import subprocess
import sys

import pytest

HEAVY = {"aiohttp", "asyncio", "lxml", "asn1crypto", "cryptography", "msgspec", "uvloop", "httptools", "django"}


def loaded(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def test_the_connector_loads_no_client_that_it_does_not_use() -> None:
    assert not HEAVY & loaded("from lienthong.exchange.connector import Caller, Connector")


def test_the_asynchronous_connector_brings_its_client_when_it_is_named() -> None:
    assert {"aiohttp", "asyncio"} <= loaded("from lienthong.exchange.connector import AsyncConnector")


def test_other_names_are_not_there() -> None:
    import lienthong.exchange.connector as connector

    with pytest.raises(AttributeError, match="Unknown"):
        connector.Unknown  # noqa: B018  # that it fails is the point
