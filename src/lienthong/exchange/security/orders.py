"""Giving an order to a running security server. Source: docs/manual/security-server.md."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lienthong.exchange.security.channel import Channel, ChannelError, Order, Outcome, connect

PATIENCE_S = 120.0


async def give_order(control: Path, what: str) -> Outcome:
    """Order *what* (see :class:`~.channel.Order`) over the control socket; raises ChannelError."""
    channel = await connect(control)
    try:
        channel.send(Order(what=what))
        async with asyncio.timeout(PATIENCE_S):
            return await _outcome(channel)
    except TimeoutError as exc:
        raise ChannelError(f"the server did not finish within {PATIENCE_S:.0f} s") from exc
    finally:
        await channel.close()


async def _outcome(channel: Channel) -> Outcome:
    async for message in channel.messages():
        if isinstance(message, Outcome):
            return message
    raise ChannelError("the server closed the connection without an answer")
