"""Trees of any size: every message finds its way to the top, and only its own."""

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.hash_chain import ChainInput, build_chains, read_result, verify_chain
from lienthong.trust.algorithms import DigestAlgorithm

SHA256, SHA512 = DigestAlgorithm.SHA256, DigestAlgorithm.SHA512


def message(number: int, parts: int) -> list[ChainInput]:
    names = ["/message.xml", *(f"/attachment{n}" for n in range(1, parts))]
    return [ChainInput(name, SHA512.digest(f"{number}{name}".encode())) for name in names]


def test_known_answer() -> None:
    words = (b"one", b"two", b"three", b"four")
    built = build_chains([[ChainInput("/message.xml", SHA256.digest(word))] for word in words], algorithm=SHA256)
    top = read_result(built.result).top
    assert b64encode(top.value) == b"D7oIIfhfp4ToT729xyx991PvstI5XvpW+d7oeWvXw8E="


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=20))
def test_every_chain_leads_to_the_top(shape: list[int]) -> None:
    messages = [message(number, parts) for number, parts in enumerate(shape)]
    built = build_chains(messages)
    for own, chain in zip(messages, built.chains, strict=True):
        covered = verify_chain(built.result, chain, {part.name: part.digest for part in own})
        assert [(part.name, part.digest, part.is_present) for part in covered] == [
            (part.name, part.digest, True) for part in own
        ]


def test_a_chain_proves_no_other_message() -> None:
    messages = [message(number, 1) for number in range(5)]
    built = build_chains(messages)
    with pytest.raises(Fault) as caught:
        verify_chain(built.result, built.chains[0], {part.name: part.digest for part in messages[1]})
    assert caught.value.code == "malformed_signature.invalid_hash_chain"


@pytest.mark.parametrize("messages", [[], [[]], [message(0, 1), []]])
def test_nothing_to_chain(messages: list[list[ChainInput]]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        build_chains(messages)


def test_one_algorithm_throughout() -> None:
    with pytest.raises(ValueError, match="SHA-512"):
        build_chains([[ChainInput("/message.xml", SHA256.digest(b""))]])
