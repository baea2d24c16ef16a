"""Where ours differs from the recordings on purpose, as data: a case and a role, what ours does instead, and why.

Source: "Seen, and not to be imitated" in the recordings' README; docs/divergences/xroad.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """A verdict of ours that is not the recorded one."""

    reason: str
    fault_code: str | None = None
    """What ours refuses with; None: ours passes the message."""
    text: str = ""
    """What the refusal says."""


_ONE_CLIENT = "a second X-Road-Client header is refused: two readers could read two clients"
DIVERGENCES: dict[tuple[str, str], Divergence] = {
    ("rest/two-clients", "consumer"): Divergence(
        reason=_ONE_CLIENT,
        fault_code="server.clientproxy.invalid_client_identifier",
        text="The request has more than one X-Road-Client header; send one",
    ),
    ("rest/two-clients", "provider"): Divergence(
        reason=_ONE_CLIENT,
        fault_code="server.serverproxy.service_failed.invalid_client_identifier",
        text="The request has more than one X-Road-Client header",
    ),
    ("rest/encoded-path", "provider"): Divergence(
        reason="a service path with %20 passes untouched, as %2F and %C3%A1 do"
    ),
    ("meta/rest-getOpenAPI", "provider"): Divergence(
        reason="an OpenAPI document in YAML keeps the provider's text but for the addresses; recorded servers rewrite it"
    ),
    ("states/consumer-signing-certificate-revoked-soap", "consumer"): Divergence(
        reason="ours signs before it dials: nothing of a message that cannot be signed goes out",
        fault_code="server.clientproxy.internal_error",
        text="Member &apos;SUBSYSTEM:VN/GOV/000.00.00.H10/onestop&apos; has no suitable certificates: "
        "OCSP response indicates certificate status is REVOKED (CN=000.00.00.H10,O=GOV,C=VN)",
    ),
}

TEXTS: dict[tuple[str, str], str] = {
    ("rest/other-instance", "consumer"): "Shared params for instance identifier EE not found",
    ("altered/cut-response-0", "consumer"): "the peer closed the connection",
    ("altered/cut-response-1", "consumer"): "Signature cannot be read: XML is not well-formed",
    (
        "states/authentication-certificate-unknown-to-provider-rest",
        "consumer",
    ): "cannot connect to {peer}: ConnectionResetError",
    ("states/provider-token-logged-out-rest", "consumer"): "cannot connect to {peer}: ConnectionResetError",
    (
        "states/authentication-certificate-unknown-to-consumer-rest",
        "consumer",
    ): "Authentication certificate CN=ss2.vn.test,O=000.00.00.G01,C=VN is not associated with any security server",
    ("states/provider-server-down-rest", "consumer"): "the connection is closed",
    ("rest/service-down", "provider"): "cannot connect to 127.82.31.9:9: [Errno 111] Connection refused",
    ("rest/service-slow", "provider"): "the peer was silent for 1.0 s",
    (
        "altered/request-hash-algorithm",
        "provider",
    ): "x-hash-algorithm names &apos;SHA-999&apos;; known are SHA-1, SHA-224, SHA-256, SHA-384, SHA-512",
    ("altered/cut-request", "provider"): "The message was cut short: the peer fell silent in the middle of a body",
    (
        "states/client-not-registered-at-server-rest",
        "provider",
    ): "Client &apos;SUBSYSTEM:VN/GOV/000.00.00.H10/onestop&apos; is not registered at security server "
    "SERVER:VN/GOV/000.00.00.H10/ss1",
    (
        "states/provider-signing-certificate-revoked-rest",
        "provider",
    ): "Member &apos;SUBSYSTEM:VN/GOV/000.00.00.G01/population&apos; has no suitable certificates: "
    "OCSP response indicates certificate status is REVOKED (CN=000.00.00.G01,O=GOV,C=VN)",
    ("soap/dtd", "consumer"): "A SOAP message must not hold a DOCTYPE",
    ("soap/no-body", "consumer"): "SOAP message is not well-formed XML of at most 256 levels: Document is empty, "
    "line 1, column 1 (&lt;string&gt;, line 1)",
    (
        "soap/malformed",
        "consumer",
    ): "SOAP message is not well-formed XML of at most 256 levels: expected &apos;&gt;&apos;, "
    "line 5, column 11 (&lt;string&gt;, line 5)",
    (
        "states/authentication-certificate-unknown-to-provider-soap",
        "consumer",
    ): "cannot connect to {peer}: ConnectionResetError",
    ("states/provider-token-logged-out-soap", "consumer"): "cannot connect to {peer}: ConnectionResetError",
    (
        "states/provider-authentication-certificate-revoked-soap",
        "consumer",
    ): "cannot connect to {peer}: ConnectionResetError",
    (
        "states/authentication-certificate-unknown-to-consumer-soap",
        "consumer",
    ): "Authentication certificate CN=ss2.vn.test,O=000.00.00.G01,C=VN is not associated with any security server",
    ("states/consumer-token-logged-out-soap", "consumer"): "Security server has no authentication certificate",
    (
        "states/consumer-authentication-certificate-revoked-soap",
        "consumer",
    ): "Security server has no authentication certificate",
    ("states/consumer-signing-certificate-revoked-soap", "provider"): "Message does not have signature",
    (
        "states/provider-signing-certificate-revoked-soap",
        "provider",
    ): "Member &apos;SUBSYSTEM:VN/GOV/000.00.00.G01/legacy&apos; has no suitable certificates: "
    "OCSP response indicates certificate status is REVOKED (CN=000.00.00.G01,O=GOV,C=VN)",
}
"""Text of our fault where the recorded one quotes Java, as it crosses the wire; code and place are the same."""
