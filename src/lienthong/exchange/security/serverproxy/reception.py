"""A transport request, read and judged until nothing but the service remains to be asked.

The order is X-Road's, whatever the message's protocol: transport headers; as soon as the message is there, provider,
signer and the TLS certificate of the sender; then the rest; then access, purpose and signature.
Source: message-path dossier s.3.8.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic

from lienthong.exchange.errors import SERVER_PROXY, SERVICE_FAILED, SIGNATURE_VERIFICATION, Fault
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.peers import PeerEvidence
from lienthong.exchange.security.receiving import ReceivedMessage, receive_message
from lienthong.exchange.security.records import RequestT
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.signer import SigningIdentity
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.access import RESERVED_SERVICES, Call, decide_access
from lienthong.exchange.serverconf.purpose import decide_purpose
from lienthong.exchange.serverconf.settings import ClientStatus
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpRequest
from lienthong.exchange.transport.sequence import Direction, PartKind
from lienthong.exchange.transport.versions import require_client_version
from lienthong.trust.algorithms import DigestAlgorithm


class Reception(ABC, Generic[RequestT]):
    """Reads one transport request; a protocol says what its message is."""

    message_kind: ClassVar[PartKind]
    """What the message of the protocol is."""

    def __init__(self, means: Facilities, snapshot: Snapshot, http: HttpRequest, bodies: Bodies) -> None:
        self._means = means
        self._snapshot = snapshot
        self._http = http
        self._bodies = bodies
        self._signer: SigningIdentity | None = None
        self.request: RequestT | None = None
        """What is asked, once it is known."""

    @abstractmethod
    def _read(self, received: ReceivedMessage) -> RequestT:
        """The request, from its message part; raises Fault where it cannot be this server's."""

    @abstractmethod
    def _asked(self, request: RequestT) -> Call:
        """What the request asks for, for the rights to judge."""

    async def receive(self) -> ProviderCall[RequestT]:
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
                message_kind=self.message_kind,
                bodies=self._bodies,
                algorithm=algorithm,
                on_message=self._on_message,
            )
        except Fault as fault:
            raise _in_parsing(fault) from fault
        sequence.finish(is_rest=self.message_kind is PartKind.REST_MESSAGE)
        if self.request is None or self._signer is None:
            raise Fault("missing_signature", "Message does not have signature")
        call = ProviderCall(
            snapshot=self._snapshot,
            http=self._http,
            request=self.request,
            received=received,
            algorithm=algorithm,
            signer=self._signer,
            bodies=self._bodies,
        )
        self._check_access(call)
        self._check_signature(call, algorithm)
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

    def _on_message(self, received: ReceivedMessage) -> None:
        """Judge what can be judged from the message on. Source: message-path s.3.8 step 2."""
        means, now = self._means, self._means.clock()
        self.request = request = self._read(received)
        provider = self._snapshot.settings.client(request.service.client)
        if provider is None or provider.status is not ClientStatus.REGISTERED:
            raise Fault("unknown_member", f"Client '{request.service.client}' not found")
        self._signer = self._snapshot.require_signer(request.service.client, now)
        evidence = PeerEvidence(self._http.peer.chain_der, tuple(received.ocsp_responses))
        means.peers.judge_consumer(self._snapshot, request.client, evidence, at=now)

    def _check_access(self, call: ProviderCall[RequestT]) -> None:
        request = call.request
        if request.service.service_code in RESERVED_SERVICES:
            return
        in_group = self._snapshot.globalconf.in_group
        refused = decide_access(self._snapshot.access, self._asked(request), in_group=in_group)
        if refused is None and call.service is not None:
            refused = decide_purpose(call.service, user_id=request.user_id, issue=request.issue)
        if refused is not None:
            raise refused

    def _check_signature(self, call: ProviderCall[RequestT], algorithm: DigestAlgorithm) -> None:
        means = self._means
        try:
            means.signatures.judge(self._snapshot, call.request.client, call.received, algorithm, at=means.clock())
        except Fault as fault:
            raise fault.prefixed(SERVER_PROXY, SIGNATURE_VERIFICATION) from fault


def _in_parsing(fault: Fault) -> Fault:
    """Faults met while parsing say that the service failed, but for a sender that fell silent. Source: s.8.1."""
    if fault.code == "io_error":
        return fault.prefixed(SERVER_PROXY)
    return fault.prefixed(SERVER_PROXY, SERVICE_FAILED)
