"""Both event loops; keys on disk only where another program needs them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop
from tests.integration.exchange.adapters.keys import World
from tests.integration.exchange.adapters.keys import world as make_world

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop

    def run_with_deadline(work: Coroutine[Any, Any, Any]) -> Any:
        async def bounded() -> Any:
            async with asyncio.timeout(30):
                return await work

        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(bounded())

    return run_with_deadline


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client_files(world: World, tmp_path: Path) -> list[str]:
    """Arguments that make curl or ``openssl s_client`` show the client's certificate."""
    import ssl

    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(world.client.key_pem, world.client.password)
    key_path, chain_path = tmp_path / "client.key", tmp_path / "client.pem"
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    chain_path.write_text("".join(ssl.DER_cert_to_PEM_cert(der) for der in world.client.chain_der))
    above_path = tmp_path / "above.pem"
    above_path.write_text("".join(ssl.DER_cert_to_PEM_cert(der) for der in world.client.chain_der[1:]))
    return [str(chain_path), str(key_path), str(above_path)]
