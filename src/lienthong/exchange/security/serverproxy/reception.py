"""A transport request, read and judged until nothing but the service remains to be asked.

The order is the protocol's: transport headers; as soon as the header block is there, provider, signer and the TLS
certificate of the sender; then the rest; then access, purpose and signature. Source: message-path dossier s.3.8.
"""

from __future__ import annotations

from lienthong.exchange.errors import SERVER_PROXY, SERVICE_FAILED, SIGNATURE_VERIFICATION, Fault
from lienthong.exchange.message.rest import RestRequest
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.peers import PeerEvidence
from lienthong.exchange.security.receiving import ReceivedMessage, receive_message
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.signer import SigningIdentity
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.access import RESERVED_SERVICES, Call, decide_access
from lienthong.exchange.serverconf.purpose import decide_purpose
from lienthong.exchange.serverconf.settings import ClientStatus
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpRequest
from lienthong.exchange.transport.sequence import Direction
from lienthong.exchange.transport.versions import require_client_version
from lienthong.trust.algorithms import DigestAlgorithm


class Reception:
    """Reads one transport request."""

    def __init__(self, means: Facilities, snapshot: Snapshot, http: HttpRequest, bodies: Bodies) -> None:
        self._means = means
        self._snapshot = snapshot
        self._http = http
        self._bodies = bodies
        self._request: RestRequest | None = None
        self._signer: SigningIdentity | None = None

    async def receive(self) -> ProviderCall:
        """The call, allowed and verified.

        Raises:
            Fault: with the prefix of the step that refused.
        """
        self._check_transport()
        try:
            algorithm = content.read_hash_algorithm(self._header(b"x-hash-algorithm"))
            received, sequence = await receive_message(
                self._http.body,
                boundary=content.boundary_of(self._header(b"content-type") or ""),
                direction=Direction.REQUEST,
                bodies=self._bodies,
                algorithm=algorithm,
                on_message=self._on_message,
            )
        except Fault as fault:
            raise _in_parsing(fault) from fault
        sequence.finish(is_rest=True)
        if self._request is None or self._signer is None or received.signature is None:
            raise Fault("missing_rest", "Message does not contain a REST header block")
        call = ProviderCall(
            snapshot=self._snapshot,
            request=self._request,
            request_id=self._header(b"x-road-request-id") or "",
            body=received.body,
            signed=SignedMessage(
                signature_xml=received.signature,
                hash_chain_result=received.hash_chain_result,
                hash_chain=received.hash_chain,
            ),
            algorithm=algorithm,
            signer=self._signer,
            bodies=self._bodies,
        )
        self._check_access(call)
        self._check_signature(call, received, algorithm)
        return call

    def _header(self, name: bytes) -> str | None:
        value = self._http.header(name)
        return None if value is None else value.decode("latin-1")

    def _check_transport(self) -> None:
        if self._http.method != "POST":
            raise Fault("invalid_http_method", f"Must use POST request method instead of {self._http.method}")
        self._snapshot.require_configuration(self._means.clock())
        require_client_version(self._header(b"x-proxy-version"), self._snapshot.settings.min_supported_client_version)
        if self._header(b"x-hash-algorithm") is None:
            raise Fault("internal_error", "Could not get hash algorithm identifier: header x-hash-algorithm is missing")
        if not self._header(b"x-road-request-id"):
            raise Fault("internal_error", "Header x-road-request-id is missing")

    async def _on_message(self, received: ReceivedMessage) -> None:
        """Judge what can be judged from the header block on. Source: message-path s.3.8 step 2."""
        means, now = self._means, self._means.clock()
        self._request = request = RestRequest.parse(received.message or b"")
        if request.has_repeated_client:
            raise Fault("invalid_client_identifier", "The request has more than one X-Road-Client header")
        provider = self._snapshot.settings.client(request.service.client)
        if provider is None or provider.status is not ClientStatus.REGISTERED:
            raise Fault("unknown_member", f"Client '{request.service.client}' not found")
        self._signer = self._snapshot.require_signer(request.service.client, now)
        evidence = PeerEvidence(self._http.peer.chain_der, tuple(received.ocsp_responses))
        means.peers.judge_consumer(self._snapshot, request.client, evidence, at=now)

    def _check_access(self, call: ProviderCall) -> None:
        request = call.request
        if request.service.service_code in RESERVED_SERVICES:
            return
        asked = Call(
            client=request.client,
            service=request.service,
            method=request.method,
            path=request.service_path.decode("latin-1"),
        )
        refused = decide_access(self._snapshot.access, asked, in_group=self._snapshot.globalconf.in_group)
        if refused is None and call.service is not None:
            refused = decide_purpose(call.service, user_id=request.user_id, issue=request.issue)
        if refused is not None:
            raise refused

    def _check_signature(self, call: ProviderCall, received: ReceivedMessage, algorithm: DigestAlgorithm) -> None:
        means = self._means
        try:
            means.signatures.judge(self._snapshot, call.request.client, received, algorithm, at=means.clock())
        except Fault as fault:
            raise fault.prefixed(SERVER_PROXY, SIGNATURE_VERIFICATION) from fault


def _in_parsing(fault: Fault) -> Fault:
    """Faults met while parsing say that the service failed, but for a sender that fell silent. Source: s.8.1."""
    if fault.code == "io_error":
        return fault.prefixed(SERVER_PROXY)
    return fault.prefixed(SERVER_PROXY, SERVICE_FAILED)
