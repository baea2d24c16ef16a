"""One signature is stamped by its value, many by a hash tree over their hashes."""

import hashlib

import pytest

from lienthong.exchange.message.hash_chain import read_chain, read_result
from lienthong.exchange.messagelog.entries import PendingSignature
from lienthong.exchange.messagelog.timestamping import plan_batch, plan_single
from lienthong.trust.algorithms import Digest, DigestAlgorithm


def _pending(count: int) -> list[PendingSignature]:
    return [
        PendingSignature(number=n, signature_hash=DigestAlgorithm.SHA512.digest(b"%d" % n))
        for n in range(10, 10 + count)
    ]


def test_single_covers_the_decoded_signature_value() -> None:
    plan = plan_single(7, b"\x01\x02")
    assert (plan.data, plan.hash_chain_result, plan.hash_chains) == (b"\x01\x02", None, {7: None})


def test_a_batch_of_one_is_no_batch() -> None:
    with pytest.raises(ValueError, match="at least two"):
        plan_batch(_pending(1))


@pytest.mark.parametrize("count", [2, 3, 5, 17])
def test_every_record_gets_a_chain_to_the_stamped_result(count: int) -> None:
    plan = plan_batch(_pending(count))
    assert plan.data == plan.hash_chain_result
    assert b'URI="/ts-hashchain.xml#STEP0"' in plan.data
    assert sorted(plan.hash_chains) == list(range(10, 10 + count))
    for chain in plan.hash_chains.values():
        assert chain is not None
        assert b'URI="/META-INF/signatures.xml"' in chain
    assert len(set(plan.hash_chains.values())) == count


def test_two_leaves_hash_to_the_known_top() -> None:
    leaves = [item.signature_hash.value for item in _pending(2)]
    uri = b"http://www.w3.org/2001/04/xmlenc#sha512"
    children = b"".join(b"\x30\x6d\x04\x40" + leaf + b"\x0c\x27" + uri + b"\x30\x00" for leaf in leaves)
    top = hashlib.sha512(b"\x30\x81\xde" + children).digest()
    plan = plan_batch(_pending(2))
    assert plan.hash_chain_result is not None
    assert read_result(plan.hash_chain_result).top == Digest(DigestAlgorithm.SHA512, top)
    assert all(chain is not None and read_chain(chain) for chain in plan.hash_chains.values())
