"""A log container as its parts, and what must be there.

Source: message-path dossier s.5.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lienthong.exchange.errors import Fault
from lienthong.trust.asic import ASIC_E, Container, NotAContainerError, read_container
from lienthong.trust.errors import MalformedEvidenceError

MIMETYPE = "mimetype"
MESSAGE = "message.xml"
SIGNATURES = "META-INF/signatures.xml"
SIGNATURE_RESULT_ENTRY = "sig-hashchainresult.xml"
SIGNATURE_CHAIN_ENTRY = "sig-hashchain.xml"
TIMESTAMP_RESULT_ENTRY = "ts-hashchainresult.xml"
TIMESTAMP_CHAIN_ENTRY = "ts-hashchain.xml"
MANIFEST = "META-INF/manifest.xml"
ASIC_MANIFEST = "META-INF/ASiCManifest.xml"
TIMESTAMP = "META-INF/timestamp.tst"
_SIGNATURES_PATTERN = r"META-INF/.*signatures.*\.xml"
_ATTACHMENT = re.compile(r"attachment([1-9][0-9]{0,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceContainer:
    """What a security server keeps of one message."""

    message: bytes = field(repr=False)
    """SOAP envelope or REST header block, exactly as signed."""
    signature_xml: bytes = field(repr=False)
    """XAdES document, with its timestamp where that is single."""
    hash_chain_result: bytes | None = field(default=None, repr=False)
    """Of a batch signature."""
    hash_chain: bytes | None = field(default=None, repr=False)
    """Of a batch signature."""
    timestamp_result: bytes | None = field(default=None, repr=False)
    """Of a batch timestamp: the stamped bytes."""
    timestamp_chain: bytes | None = field(default=None, repr=False)
    """Of a batch timestamp."""
    timestamp_token: bytes | None = field(default=None, repr=False)
    """RFC 3161 token of a batch timestamp, DER."""
    attachments: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    """By number from 1; those that were kept."""

    @property
    def parts(self) -> dict[str, bytes]:
        """Data objects by the names that signatures use."""
        kept = {f"/attachment{number}": data for number, data in self.attachments.items()}
        return {"/message.xml": self.message, **kept}


def read_evidence(data: bytes) -> EvidenceContainer:
    """Read a container.

    Raises:
        Fault: ``asic_mime_type_not_found`` (also for a file that is no container), ``asic_invalid_mime_type``,
            ``asic_message_not_found``, ``asic_signature_not_found``, ``asic_hash_chain_result_not_found``,
            ``asic_hash_chain_not_found``, ``asic_timestamp_not_found``, ``asic_manifest_not_found``,
            ``asic_invalid_container`` (damaged, too large, or two entries by one name).
    """
    try:
        container = read_container(data)
    except NotAContainerError as exc:
        raise Fault("asic_mime_type_not_found", f"The file is no container: {exc}") from exc
    except MalformedEvidenceError as exc:
        raise Fault("asic_invalid_container", f"The container cannot be read: {exc}") from exc
    _require_mimetype(container)
    message = _required(container, MESSAGE, "asic_message_not_found")
    signature = _signature(container)
    _require_pair(container, SIGNATURE_RESULT_ENTRY, SIGNATURE_CHAIN_ENTRY)
    _require_pair(container, TIMESTAMP_RESULT_ENTRY, TIMESTAMP_CHAIN_ENTRY)
    if container.get(TIMESTAMP_CHAIN_ENTRY) is not None:
        _required(container, TIMESTAMP, "asic_timestamp_not_found")
    _required(container, MANIFEST, "asic_manifest_not_found")
    return EvidenceContainer(
        message=message,
        signature_xml=signature,
        hash_chain_result=container.get(SIGNATURE_RESULT_ENTRY),
        hash_chain=container.get(SIGNATURE_CHAIN_ENTRY),
        timestamp_result=container.get(TIMESTAMP_RESULT_ENTRY),
        timestamp_chain=container.get(TIMESTAMP_CHAIN_ENTRY),
        timestamp_token=container.get(TIMESTAMP),
        attachments=_attachments(container),
    )


def _require_mimetype(container: Container) -> None:
    mimetype = _required(container, MIMETYPE, "asic_mime_type_not_found")
    if mimetype != ASIC_E.encode():
        raise Fault("asic_invalid_mime_type", f"Entry mimetype says {mimetype[:64]!r}, not {ASIC_E}")


def _required(container: Container, name: str, code: str) -> bytes:
    data = container.get(name)
    if data is None:
        raise Fault(code, f"The container has no entry {name}")
    return data


def _signature(container: Container) -> bytes:
    found = list(container.matching(_SIGNATURES_PATTERN))
    if not found:
        raise Fault("asic_signature_not_found", "The container has no signature file")
    if len(found) > 1:
        raise Fault("asic_invalid_container", "The container has more than one signature file")
    return found[0][1]


def _require_pair(container: Container, result: str, chain: str) -> None:
    if container.get(chain) is not None:
        _required(container, result, "asic_hash_chain_result_not_found")
    if container.get(result) is not None:
        _required(container, chain, "asic_hash_chain_not_found")


def _attachments(container: Container) -> dict[int, bytes]:
    found = ((_ATTACHMENT.fullmatch(name), data) for name, data in container.entries.items())
    return {int(match[1]): data for match, data in found if match is not None}
