"""The recorded cases: their files, paired by message id, and the roles in which each can be replayed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.shared import SHARED
from tests.unit.exchange import recordings

LIVE = SHARED / "fixtures/xroad/live"
GROUPS = ("rest", "soap", "altered", "batch", "states", "ec", "meta")
_ID = re.compile(rb"^x-road-id:[ ]?([^\r\n]*)\r$", re.IGNORECASE | re.MULTILINE)
_REQUEST_ID = re.compile(rb"^x-road-request-id:[ ]?([^\r\n]*)\r$", re.IGNORECASE | re.MULTILINE)
_SOAP_ID = re.compile(rb"<(?:\w+:)?id>([^<]*)</")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a case: what crossed the wire at each place, as recorded; None where nothing crossed."""

    message_id: str | None
    """As the information system gave it, or the consumer's server made it."""
    is_made: bool
    """Whether the consumer's server made it."""
    request_id: str | None
    """``x-road-request-id`` that the consumer's server gave."""
    consumer_request: bytes
    """1: information system to consumer's server."""
    transit_request: bytes | None = None
    """2: consumer's server to provider's server."""
    transit_request_altered: bytes | None = None
    """What went on of it, where the relay changed it."""
    service_request: bytes | None = None
    """3: provider's server to service."""
    service_response: bytes | None = None
    """4: the service's answer."""
    transit_response: bytes | None = None
    """5: provider's server to consumer's server."""
    transit_response_altered: bytes | None = None
    """What went on of it, where the relay changed it."""
    consumer_response: bytes
    """6: consumer's server to information system."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One recorded case."""

    name: str
    at: datetime = field(repr=False)
    """When the call was made."""
    calls: tuple[Call, ...] = field(repr=False)
    """One, or those of a batch."""
    suites: dict[str, list[str]] | None = field(repr=False)
    """TLS version and cipher suite on ``consumer_side`` and ``provider_side``; None where no handshake ended well."""

    @property
    def group(self) -> str:
        return self.name.partition("/")[0]

    @property
    def state(self) -> str:
        """What was out of order, the same for both kinds of message; empty for other groups."""
        return self.name.rpartition("-")[0] if self.group == "states" else ""

    @property
    def key_type(self) -> str:
        return "ec" if self.group == "ec" else "rsa"

    def containers(self, role: str) -> tuple[Path, ...]:
        """What that server exported."""
        return tuple(sorted((LIVE / self.name).glob(f"{role}-log.*.asice")))


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the index; none where the recordings are absent."""
    if not LIVE.is_dir():
        return ()
    return tuple(_case(name, entry) for name, entry in recordings.index().items() if name.partition("/")[0] in GROUPS)


def _case(name: str, entry: dict[str, object]) -> Case:
    folder = LIVE / name
    transit = _by_message(folder, "2-transit-request", "5-transit-response", message_id_of)
    calls = []
    for path in sorted(folder.glob("1-consumer-request*.http")):
        request = path.read_bytes()
        named = message_id_of(request)
        message_id = named or next(iter(transit), None)
        asked, answered = transit.get(message_id, (None, None))
        served, service_answer = (None, None) if asked is None else _service_files(folder, message_id)
        calls.append(
            Call(
                message_id=message_id,
                is_made=named is None,
                request_id=None if asked is None else _found(_REQUEST_ID, asked),
                consumer_request=request,
                transit_request=asked,
                transit_request_altered=_read(folder / "2-transit-request.altered.http"),
                service_request=served,
                service_response=service_answer,
                transit_response=answered,
                transit_response_altered=_read(folder / "5-transit-response.altered.http"),
                consumer_response=(
                    folder / path.name.replace("1-consumer-request", "6-consumer-response")
                ).read_bytes(),
            )
        )
    at = datetime.fromisoformat(str(entry["at"]))
    tls = entry["tls"]
    assert tls is None or isinstance(tls, dict)
    return Case(name=name, at=at, calls=tuple(calls), suites=tls)


def _by_message(
    folder: Path, question: str, answer: str, find_id: object
) -> dict[str | None, tuple[bytes, bytes | None]]:
    """Question and answer by message id; the number in their names is the connection's."""
    assert callable(find_id)
    found: dict[str | None, tuple[bytes, bytes | None]] = {}
    for path in sorted(folder.glob(f"{question}*.http")):
        if "altered" not in path.name:
            asked = path.read_bytes()
            found[find_id(asked)] = asked, _read(folder / path.name.replace(question, answer))
    return found


def _service_files(folder: Path, message_id: str | None) -> tuple[bytes | None, bytes | None]:
    """The case's own, else those that came late and lie with a later case of the group."""
    for place in (folder, *sorted(folder.parent.iterdir())):
        found = _by_message(place, "3-service-request", "4-service-response", message_id_of)
        if message_id in found:
            return found[message_id]
        if place == folder and None in found:
            return found[None]  # a description is fetched without any id
    return None, None


def message_id_of(raw: bytes) -> str | None:
    """The message's own id: of its headers, of a header block between servers, or of an envelope, UTF-16 included."""
    if found := _found(_ID, raw.partition(b"\r\n\r\n")[0] + b"\r"):
        return found
    body = recordings.split_http(raw)[2]
    return _found(_ID, body) or _found(_SOAP_ID, body.replace(b"\0", b""))


def _found(pattern: re.Pattern[bytes], raw: bytes) -> str | None:
    found = pattern.search(raw)
    return None if found is None else found[1].decode()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
