"""Who calls: what a providing system reads from the headers its security server passes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lienthong.exchange.identifiers import ClientId, decode_client


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The caller of a service, authenticated by the security servers. Source: message-path s.2.4."""

    client: ClientId
    """The calling client, from ``X-Road-Client``."""
    user_id: str = ""
    """The officer who asks, from ``X-Road-UserId``; empty where not told."""
    issue: str = ""
    """The dossier or legal basis, from ``X-Road-Issue``; empty where not told."""
    message_id: str = ""
    """``X-Road-Id`` of the message, the same in both message logs."""
    request_id: str = ""
    """``X-Road-Request-Id``, which security servers choose anew for every request."""
    represented_party: str = ""
    """``X-Road-Represented-Party`` as received: ``code`` or ``class/code``."""

    @classmethod
    def from_headers(cls, headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> Caller:
        """Read the caller; names in any case, of repeated headers the last counts.

        Raises:
            IdentifierError: no or a malformed ``X-Road-Client``: the request did not come through a security server.
        """
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        values = {name.lower(): value for name, value in pairs}
        return cls(
            client=decode_client(values.get("x-road-client", "")),
            user_id=values.get("x-road-userid", ""),
            issue=values.get("x-road-issue", ""),
            message_id=values.get("x-road-id", ""),
            request_id=values.get("x-road-request-id", ""),
            represented_party=values.get("x-road-represented-party", ""),
        )
