"""Log records with chosen fields and invented content."""

from msgspec.structs import replace

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.messagelog.record import BodyState, LogRecord, Side
from lienthong.trust.algorithms import DigestAlgorithm

CONSUMER = ClientId("VN", "GOV", "H10", "onestop")
PROVIDER = ClientId("VN", "GOV", "G01", "population")
SERVICE = ServiceId(PROVIDER, "person", "v1")

_BASE = LogRecord(
    message_id="m",
    time_ms=1_700_000_000_000,
    side=Side.CLIENT,
    is_response=False,
    is_rest=True,
    client=CONSUMER,
    service=SERVICE,
    message=b"GET\n/r1/VN/GOV/G01/population/person\nx-road-id:m",
    signature=b"<s/>",
)


def log_record(message_id: str = "m", **fields: object) -> LogRecord:
    """A REST request unless said otherwise; the signature names the message, so hashes differ."""
    fields = {"message_id": message_id, "signature": f"<s>{message_id}</s>".encode(), **fields}
    if isinstance(body := fields.get("body"), bytes):
        fields = {
            "body_size": len(body),
            "body_digest": DigestAlgorithm.SHA512.digest(body),
            "body_state": BodyState.STORED,
            **fields,
        }
    return replace(_BASE, **fields)  # type: ignore[arg-type] # fields are checked by the record itself
