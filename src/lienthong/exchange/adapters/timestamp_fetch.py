"""Time-stamping over the network (face; being written)."""

from __future__ import annotations


async def fetch_timestamp(url: str, query_der: bytes) -> bytes:
    """POST a time-stamp query; the reply DER (TimeStampResp). Raises FetchError. Source: RFC 3161 s.3.4."""
    raise NotImplementedError
