import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.keys import der_from_raw, raw_from_der


@settings(deadline=None)
@given(st.binary(min_size=64, max_size=64))
def test_raw_and_der_turn_into_each_other(raw: bytes) -> None:
    assert raw_from_der(der_from_raw(raw), 32) == raw


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_random_bytes_are_refused_or_read(data: bytes) -> None:
    for read in (der_from_raw, lambda signature: raw_from_der(signature, 32)):
        try:
            read(data)
        except MalformedEvidenceError:
            continue


@pytest.mark.parametrize("signature", [b"", b"odd"])
def test_halves_of_unequal_length_are_refused(signature: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        der_from_raw(signature)


def test_integers_larger_than_the_curve_are_refused() -> None:
    with pytest.raises(MalformedEvidenceError):
        raw_from_der(der_from_raw(b"\xff" * 96), 32)
