"""Building a log container in the entry order of X-Road servers.

Source: message-path dossier s.5.5.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote_plus

from lienthong.exchange.message.evidence import container as entry
from lienthong.exchange.message.evidence.container import EvidenceContainer
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.asic import ASIC_E, write_container

_NAME_MAX = 226
_RADIX_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_UNSIGNED = 1 << 64


def write_evidence(evidence: EvidenceContainer, *, at: datetime) -> bytes:
    """Pack a container; the same evidence and instant give the same bytes.

    Args:
        at: Time that the entries carry, aware.
    """
    moment = at.astimezone(UTC)
    modified = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return write_container(_entries(evidence), comment=f"mimetype={ASIC_E}".encode(), modified=modified)


def container_name(*, message_id: str, is_response: bool, record_id: int) -> str:
    """File name of a container: ``<message id>-request|response-<record id in radix 32>.asice``."""
    kind = "response" if is_response else "request"
    return f"{quote_plus(message_id, safe='*')[:_NAME_MAX]}-{kind}-{_radix32(record_id)}.asice"


def _entries(evidence: EvidenceContainer) -> Iterator[tuple[str, bytes]]:
    yield entry.MIMETYPE, ASIC_E.encode()
    yield entry.MESSAGE, evidence.message
    yield entry.SIGNATURES, evidence.signature_xml
    chains = list(_chains(evidence))
    yield from chains
    attachments = [(f"attachment{number}", data) for number, data in sorted(evidence.attachments.items())]
    yield entry.MANIFEST, _manifest([name for name, _ in chains], [name for name, _ in attachments])
    if evidence.timestamp_result is not None and evidence.timestamp_token is not None:
        yield entry.ASIC_MANIFEST, _asic_manifest(evidence.timestamp_result)
        yield entry.TIMESTAMP, evidence.timestamp_token
    yield from attachments


def _chains(evidence: EvidenceContainer) -> Iterator[tuple[str, bytes]]:
    documents = (
        (entry.SIGNATURE_RESULT_ENTRY, evidence.hash_chain_result),
        (entry.SIGNATURE_CHAIN_ENTRY, evidence.hash_chain),
        (entry.TIMESTAMP_RESULT_ENTRY, evidence.timestamp_result),
        (entry.TIMESTAMP_CHAIN_ENTRY, evidence.timestamp_chain),
    )
    return ((name, data) for name, data in documents if data is not None)


def _manifest(chains: list[str], attachments: list[str]) -> bytes:
    files = [("/", ASIC_E), (entry.MESSAGE, "text/xml"), *((name, "text/xml") for name in chains)]
    files += [(name, "application/octet-stream") for name in attachments]
    lines = "".join(
        f'    <manifest:file-entry manifest:media-type="{kind}" manifest:full-path="{name}"/>\n' for name, kind in files
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        f' manifest:version="1.2">\n{lines}</manifest:manifest>\n'
    ).encode()


def _asic_manifest(stamped: bytes) -> bytes:
    digest = DigestAlgorithm.SHA512.digest(stamped)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/2918/v1.2.1#"'
        ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
        f'<asic:SigReference URI="{entry.TIMESTAMP}" MimeType="vnd.etsi.timestamp-token"/>\n'
        f'<asic:DataObjectReference URI="{entry.TIMESTAMP_RESULT_ENTRY}" MimeType="text/xml">\n'
        f'<ds:DigestMethod Algorithm="{digest.algorithm.uri}" />\n'
        f"<ds:DigestValue>{b64encode(digest.value).decode()}</ds:DigestValue>\n"
        "</asic:DataObjectReference>\n</asic:ASiCManifest>"
    ).encode()


def _radix32(number: int) -> str:
    number %= _UNSIGNED
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 32)
        digits = _RADIX_DIGITS[digit] + digits
    return digits
