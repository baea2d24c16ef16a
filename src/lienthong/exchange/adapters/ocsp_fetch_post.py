"""One POST of a DER request to a trust service, with limits on time and size."""

from __future__ import annotations

import aiohttp

from lienthong.exchange.adapters.http_errors import FetchError

REPLY_BYTES = 1024 * 1024
"""Longest reply that is read."""


def connect_timeouts(connect_s: float, read_s: float) -> aiohttp.ClientTimeout:
    """Separate limits for connecting and for each silence afterwards, and a total that bounds dripping servers."""
    return aiohttp.ClientTimeout(
        total=connect_s + 2 * read_s, connect=connect_s, sock_connect=connect_s, sock_read=read_s
    )


async def post_der(
    url: str, request_der: bytes, *, content_type: str, accept: str, timeouts: aiohttp.ClientTimeout
) -> bytes:
    """The reply (DER), unjudged but of the media type *accept*. Raises FetchError."""
    headers = {"Content-Type": content_type, "Accept": accept}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeouts) as session,
            session.post(url, data=request_der, headers=headers, allow_redirects=False) as reply,
        ):
            body = await read_reply(reply, url)
            media_type = reply.content_type
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise FetchError(f"no answer from {url}: {str(error) or type(error).__name__}") from error
    if media_type != accept:
        raise FetchError(f"{url} answered {media_type}, not {accept}")
    return body


async def read_reply(reply: aiohttp.ClientResponse, url: str) -> bytes:
    """The body of a reply with status 200. Raises FetchError."""
    if reply.status != 200:
        raise FetchError(f"{url} answered HTTP {reply.status}")
    body = bytearray()
    async for chunk in reply.content.iter_chunked(65536):
        body += chunk
        if len(body) > REPLY_BYTES:
            raise FetchError(f"{url} answered more than {REPLY_BYTES} bytes")
    return bytes(body)
