"""Step digests against what others computed."""

from base64 import b64encode

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.message.hash_chain import step_digest
from lienthong.exchange.message.hash_chain.steps import uniform_step
from lienthong.trust.algorithms import DigestAlgorithm

SHA256 = DigestAlgorithm.SHA256


def test_two_inputs() -> None:
    top = step_digest([(SHA256, SHA256.digest(data).value) for data in (b"one", b"two")], SHA256)
    assert top.value.hex() == "3004523f337d65e140f9af7fc81c4f93222fff3dfa00ff06a90cc46c55bf97ce"


def test_four_one_byte_digests() -> None:
    top = step_digest([(SHA256, bytes([value])) for value in (11, 12, 13, 14)], SHA256)
    assert b64encode(top.value) == b"v3CBVgjKmzZT5hnJ6vj6waqBazZe334tdEoNiL2oM5E="


class _Transforms(core.SequenceOf):  # type: ignore[misc]  # asn1crypto is untyped
    _child_spec = core.UTF8String


class _Child(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    _fields = [("digest", core.OctetString), ("uri", core.UTF8String), ("transforms", _Transforms)]  # noqa: RUF012


class _Step(core.SequenceOf):  # type: ignore[misc]  # asn1crypto is untyped
    _child_spec = _Child


@given(st.lists(st.tuples(st.sampled_from(DigestAlgorithm), st.binary(max_size=300)), max_size=6))
def test_bytes_are_der(children: list[tuple[DigestAlgorithm, bytes]]) -> None:
    encoded = _Step([{"digest": value, "uri": a.uri, "transforms": []} for a, value in children]).dump()
    assert step_digest(children, SHA256) == SHA256.digest(encoded)


@given(values=st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=5))
def test_a_step_of_digests_by_its_own_algorithm(values: list[bytes]) -> None:
    assert uniform_step(values, SHA256) == step_digest([(SHA256, value) for value in values], SHA256).value


def test_a_value_of_another_length_is_no_digest() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        uniform_step([bytes(33), bytes(31)], SHA256)
