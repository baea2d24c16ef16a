"""Archives of logged messages: containers in one file, chained by digest to the archive before.

An archive ends with the entry ``linkinginfo``: last digest and name of the archive before, the digest algorithm, and
for each container the digest that it brings the chain to. Source: message-path dossier s.5.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.message.evidence import EvidenceContainer
from lienthong.exchange.message.hash_chain import TIMESTAMP_CHAIN, verify_chain
from lienthong.exchange.messagelog.timestamping import SIGNATURES_NAME
from lienthong.trust.algorithms import PRODUCTION, DigestAlgorithm
from lienthong.trust.errors import TrustError
from lienthong.trust.timestamps import parse_token
from lienthong.trust.xades import parse_signature

LINKING_INFO = "linkinginfo"
"""Name of the last entry of an archive."""
CONTAINER_SUFFIX = ".asice"
_NOTHING = "-"
_LINE = re.compile(r"([0-9a-f]+) (\S+)")
_HEAD = re.compile(r"(-|[0-9a-f]+) (\S+) (\S+)")


class ArchiveError(ExchangeError):
    """An archive, or what is about to become one, is not as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEnd:
    """Where the chain of archives has come to."""

    digest: str = ""
    """Hexadecimal; empty before the first container of the first archive."""
    archive: str = ""
    """File name of the archive that ends there; empty before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingInfo:
    """What an archive says of its containers and of the archive before."""

    previous: ChainEnd
    algorithm: DigestAlgorithm
    chained: tuple[tuple[str, str], ...]
    """Digest (hexadecimal) and name of each container, in order."""

    @property
    def digest(self) -> str:
        """Where the chain comes to with this archive."""
        return self.chained[-1][0] if self.chained else self.previous.digest

    def text(self) -> bytes:
        """The entry ``linkinginfo``."""
        before = f"{self.previous.digest or _NOTHING} {self.previous.archive or _NOTHING} {self.algorithm.label}"
        return "".join(f"{line}\n" for line in (before, *map(" ".join, self.chained))).encode()


def chain_on(digest: str, container: bytes, algorithm: DigestAlgorithm) -> str:
    """The digest that a container brings the chain to."""
    own = algorithm.digest(container).value.hex()
    return algorithm.digest(f"{digest}{own}".encode()).value.hex()


def link(previous: ChainEnd, containers: Iterable[tuple[str, bytes]], algorithm: DigestAlgorithm) -> LinkingInfo:
    """Chain containers, given by name and content, to the archive before."""
    digest, chained = previous.digest, []
    for name, data in containers:
        digest = chain_on(digest, data, algorithm)
        chained.append((digest, name))
    return LinkingInfo(previous=previous, algorithm=algorithm, chained=tuple(chained))


def read_linking_info(data: bytes) -> LinkingInfo:
    """Read the entry ``linkinginfo``; raises ArchiveError."""
    try:
        first, *lines = data.decode("ascii").splitlines()
        head, rows = _HEAD.fullmatch(first), [_LINE.fullmatch(line) for line in lines]
        if head is None:
            raise ValueError("first line")
        algorithm = DigestAlgorithm.from_label(head[3])
        chained = tuple((row[1], row[2]) for row in rows if row is not None)
    except (ValueError, TrustError) as exc:
        raise ArchiveError(f"{LINKING_INFO} cannot be read") from exc
    if algorithm not in PRODUCTION.digests:
        raise ArchiveError(f"{LINKING_INFO} chains by {algorithm.label}, which proves nothing")
    if len(chained) != len(rows):
        raise ArchiveError(f"{LINKING_INFO} holds a line that is none")
    digest, archive = ("" if text == _NOTHING else text for text in head.group(1, 2))
    return LinkingInfo(previous=ChainEnd(digest=digest, archive=archive), algorithm=algorithm, chained=chained)


def judge_archive(linking_info: bytes | None, containers: Iterable[tuple[str, bytes]]) -> LinkingInfo:
    """Compare an archive's containers, in their order, with what it says of them; raises ArchiveError."""
    if linking_info is None:
        raise ArchiveError(f"the archive has no entry {LINKING_INFO}")
    said = read_linking_info(linking_info)
    found = link(said.previous, containers, said.algorithm)
    if not found.chained:
        raise ArchiveError("the archive holds no container")
    if found.chained != said.chained:
        raise ArchiveError(f"the containers are not those that {LINKING_INFO} names")
    return said


def archive_name(first: datetime, last: datetime, digest: str) -> str:
    """``mlog-<first>-<last>-<beginning of the last digest>.zip``; times are of the records, in UTC."""
    times = "-".join(f"{moment.astimezone(UTC):%Y%m%d%H%M%S}" for moment in (first, last))
    return f"mlog-{times}-{digest[:16]}.zip"


def require_stamped(evidence: EvidenceContainer) -> None:
    """Raise ArchiveError unless the container's timestamp is over its signature; whose it is, is not asked.

    Source: message-path dossier s.5.4.
    """
    try:
        token, stamped = _stamp(evidence)
        imprint = parse_token(token).imprint
        if imprint.algorithm.digest(stamped) != imprint:
            raise ArchiveError("the timestamp is over other data")
        if evidence.timestamp_result is not None and evidence.timestamp_chain is not None:
            verify_chain(
                evidence.timestamp_result,
                evidence.timestamp_chain,
                {SIGNATURES_NAME: evidence.signature_xml},
                chain_name=TIMESTAMP_CHAIN,
            )
    except (TrustError, ExchangeError) as exc:
        raise ArchiveError(f"the timestamp does not fit: {exc}") from exc


def _stamp(evidence: EvidenceContainer) -> tuple[bytes, bytes]:
    """Token and stamped bytes."""
    if evidence.timestamp_token is not None and evidence.timestamp_result is not None:
        return evidence.timestamp_token, evidence.timestamp_result
    signature = parse_signature(evidence.signature_xml)
    if signature.timestamp is None:
        raise ArchiveError("there is no timestamp")
    return signature.timestamp, signature.signature_value
