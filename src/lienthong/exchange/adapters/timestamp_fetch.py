"""RFC 3161 queries to a time-stamping service. Source: RFC 3161 s.3.4; message-path dossier s.5.4."""

from __future__ import annotations

from lienthong.exchange.adapters.ocsp_fetch_post import connect_timeouts, post_der

_QUERY_TYPE = "application/timestamp-query"
_REPLY_TYPE = "application/timestamp-reply"


async def fetch_timestamp(url: str, query_der: bytes, *, connect_s: float = 20.0, read_s: float = 60.0) -> bytes:
    """POST a time-stamp query; the reply (TimeStampResp, DER), unjudged. Raises FetchError."""
    timeouts = connect_timeouts(connect_s, read_s)
    return await post_der(url, query_der, content_type=_QUERY_TYPE, accept=_REPLY_TYPE, timeouts=timeouts)
