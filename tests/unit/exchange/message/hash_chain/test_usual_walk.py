"""Climbing says yes only where the general walk does, whatever is done to a chain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.hash_chain import SIGNATURE_CHAIN, ChainInput, build_chains, read_result, verify_chain
from lienthong.exchange.message.hash_chain.usual_shape import match_result
from lienthong.exchange.message.hash_chain.usual_walk import climb
from lienthong.trust.algorithms import Digest, DigestAlgorithm

SHA512 = DigestAlgorithm.SHA512
MESSAGE, BODY = SHA512.digest(b"message"), SHA512.digest(b"body")
INPUTS = {"/message.xml": MESSAGE, "/attachment1": BODY}
OTHERS = [[ChainInput("/message.xml", SHA512.digest(b"%d" % number))] for number in range(6)]
OWN = [ChainInput(name, digest) for name, digest in INPUTS.items()]
BATCH = build_chains([*OTHERS[:3], OWN, *OTHERS[3:]])
RESULT, CHAIN = read_result(BATCH.result), BATCH.chains[3]
STEP = b'    <HashStep id="STEP%d">\n%b    </HashStep>\n'
TELLING = [b"STEP0", b"STEP1", b"#STEP3", b"A", b"=", b"/message.xml", b"/attachment2", b"<", b" "]


def walk(chain: bytes, inputs: dict[str, Digest]) -> set[str] | None:
    """What the general walk covers: naming the objects through a resolver keeps it from climbing."""
    try:
        parts = verify_chain(BATCH.result, chain, {}, inputs.get)
    except Fault:
        return None
    covered = {part.name for part in parts}
    return covered if covered == inputs.keys() else None


def require_no_more_than_walking(chain: bytes, inputs: dict[str, Digest]) -> None:
    climbed = climb(RESULT, chain, SIGNATURE_CHAIN, inputs)
    assert climbed is None or set(climbed) == walk(chain, inputs)


def test_a_chain_as_servers_write_it_is_climbed() -> None:
    assert climb(RESULT, CHAIN, SIGNATURE_CHAIN, INPUTS) == ("/message.xml", "/attachment1")
    assert {part.name for part in verify_chain(BATCH.result, CHAIN, INPUTS)} == INPUTS.keys()


@pytest.mark.parametrize(
    "inputs", [{}, {"/message.xml": MESSAGE}, {**INPUTS, "/attachment2": BODY}, {**INPUTS, "/message.xml": BODY}]
)
def test_other_inputs(inputs: dict[str, Digest]) -> None:
    assert climb(RESULT, CHAIN, SIGNATURE_CHAIN, inputs) is None


def test_a_step_that_nothing_refers_to_covers_nothing() -> None:
    """The objects stand in a step beside the chain of another message."""
    beside = CHAIN[CHAIN.index(b"        <DataRef") :].partition(b"    </HashStep>")[0]
    foreign = BATCH.chains[0].replace(b"</HashChain>", STEP % (9, beside) + b"</HashChain>")
    assert climb(RESULT, foreign, SIGNATURE_CHAIN, {**INPUTS}) is None
    assert climb(RESULT, foreign, SIGNATURE_CHAIN, {"/message.xml": SHA512.digest(b"0")}) is None


@given(
    position=st.integers(0, 10_000),
    inserted=st.sampled_from(TELLING) | st.binary(max_size=2),
    removed=st.integers(0, 6),
)
def test_a_chain_changed_anywhere(position: int, inserted: bytes, removed: int) -> None:
    at = position % len(CHAIN)
    require_no_more_than_walking(CHAIN[:at] + inserted + CHAIN[at + removed :], INPUTS)


@given(order=st.permutations(range(4)), dropped=st.integers(0, 4))
def test_steps_in_any_order(order: list[int], dropped: int) -> None:
    head, *steps = CHAIN.split(b"    <HashStep ")
    steps[-1], _, tail = steps[-1].partition(b"</HashChain>")
    some = [steps[index % len(steps)] for index in order][: dropped or None]
    require_no_more_than_walking(b"    <HashStep ".join([head, *some]) + b"</HashChain>" + tail, INPUTS)


@pytest.mark.parametrize("name", [b"STEP2", b"STEP9"])
def test_a_step_beside_the_others_is_walked_not_climbed(name: bytes) -> None:
    value = (
        CHAIN[CHAIN.index(b"        <HashValue>") :].partition(b"        </HashValue>\n")[0] + b"        </HashValue>\n"
    )
    beside = CHAIN.replace(b"</HashChain>", b'    <HashStep id="%b">\n%b    </HashStep>\n</HashChain>' % (name, value))
    assert climb(RESULT, beside, SIGNATURE_CHAIN, {**INPUTS}) is None
    require_no_more_than_walking(beside, {**INPUTS})


def test_documents_too_large_for_a_pattern_are_walked() -> None:
    spaces = b" " * (2 * 1024 * 1024)
    assert climb(RESULT, CHAIN + spaces, SIGNATURE_CHAIN, {**INPUTS}) is None
    assert match_result(BATCH.result + spaces) is None


@pytest.mark.parametrize("times", [0, 2])
def test_every_step_but_the_last_refers_to_the_next_once(times: int) -> None:
    reference = b'        <StepRef URI="#STEP2"/>\n'
    assert CHAIN.count(reference) == 1
    changed = CHAIN.replace(reference, reference * times)
    assert climb(RESULT, changed, SIGNATURE_CHAIN, {**INPUTS}) is None
    require_no_more_than_walking(changed, {**INPUTS})
