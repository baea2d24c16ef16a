"""Content types, boundaries and transport headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.errors import Fault
from lienthong.exchange.transport.content import (
    attachment_boundary,
    boundary_from,
    boundary_of,
    media_type,
    message_content_type,
    parameter,
    read_hash_algorithm,
)
from lienthong.trust.algorithms import ARCHIVAL, DigestAlgorithm


def test_a_boundary_is_a_prefix_and_thirty_letters() -> None:
    boundary = boundary_from(bytes(range(226, 256)))
    assert boundary.startswith("xtop")
    assert len(boundary) == 34
    assert boundary[4:].isalpha()
    assert boundary_from(bytes(30), prefix="xatt") == "xatt" + "A" * 30
    with pytest.raises(ValueError, match="30 random bytes"):
        boundary_from(b"")


@given(st.binary(min_size=30, max_size=30))
def test_a_content_type_gives_back_its_boundary(random_bytes: bytes) -> None:
    boundary = boundary_from(random_bytes)
    assert boundary_of(message_content_type(boundary)) == boundary


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/mixed; charset=UTF-8; boundary=xtopABC", "xtopABC"),
        ('Multipart/Related; type="text/xml; a=b"; BOUNDARY="a;b c"', "a;b c"),
        (r'multipart/related; x="\";"; boundary="q\"r"', 'q"r'),
    ],
)
def test_boundaries(content_type: str, boundary: str) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize(
    "content_type",
    ["", "text/xml", "multipart/mixed", "multipart/mixed; boundary=", "multipart/mixed; boundary=" + "x" * 71],
)
def test_content_types_without_a_usable_boundary(content_type: str) -> None:
    with pytest.raises(Fault) as refused:
        boundary_of(content_type)
    assert refused.value.code == "invalid_content_type"


def test_a_boundary_that_is_not_ascii_is_refused() -> None:
    with pytest.raises(Fault) as refused:
        boundary_of("multipart/mixed; boundary=é")
    assert refused.value.code == "invalid_content_type"


def test_media_type_and_parameters() -> None:
    assert media_type(" Text/XML ; charset=UTF-8") == "text/xml"
    assert parameter("text/xml; charset=UTF-8", "charset") == "UTF-8"
    assert parameter("text/xml", "charset") is None


@pytest.mark.parametrize("algorithm", [DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512])
def test_hash_algorithms(algorithm: DigestAlgorithm) -> None:
    assert read_hash_algorithm(algorithm.label) is algorithm


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, "internal_error"), ("", "internal_error"), ("MD5", "internal_error"), ("SHA-1", "unsupported_algorithm")],
)
def test_hash_algorithms_that_are_refused(value: str | None, code: str) -> None:
    with pytest.raises(Fault) as refused:
        read_hash_algorithm(value)
    assert refused.value.code == code


def test_an_archival_policy_takes_weak_algorithms() -> None:
    assert read_hash_algorithm("SHA-1", policy=ARCHIVAL) is DigestAlgorithm.SHA1


@pytest.mark.parametrize("content_type", ["\xa0text/xml", "text/xml\x85", "\x1ctext/xml"])
def test_only_blanks_surround_a_type(content_type: str) -> None:
    assert media_type(content_type) == content_type


def test_attachments_have_the_letters_of_their_message() -> None:
    """Recordings ``soap/attachment``: 2-transit-request."""
    assert attachment_boundary("xtopyApiytoA") == "xattyApiytoA"
