"""Chain documents read strictly; the schema is the judge."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.shared import shared

from lienthong.exchange.message.hash_chain import ChainInput, build_chains, read_chain, read_result
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.errors import MalformedEvidenceError, TrustError, UnsupportedAlgorithmError

SHA512 = DigestAlgorithm.SHA512
BUILT = build_chains(
    [[ChainInput("/message.xml", SHA512.digest(b"m")), ChainInput("/attachment1", SHA512.digest(b"a"))]] * 2
)
CHAIN, RESULT = BUILT.chains[0], BUILT.result


def test_schema_accepts_what_we_write() -> None:
    schema = etree.XMLSchema(etree.parse(shared("xroad/schemas/hashchain.xsd")))
    for document in (CHAIN, RESULT):
        schema.assertValid(etree.fromstring(document))


def test_genuine_documents() -> None:
    chain = read_chain(shared("fixtures/xroad/hashchains/hc-verifier2-hashchain.xml").read_bytes())
    assert list(chain.steps) == ["STEP0", "STEP1", "STEP2"]
    assert chain.default is DigestAlgorithm.SHA256
    result = read_result(shared("fixtures/xroad/hashchains/hc-verifier2-hashchainresult.xml").read_bytes())
    assert result.uri == "/hashchain.xml#STEP0"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"HashChain ", b"HashChains "),
        (b'id="STEP1"', b'id="STEP0"'),
        (b' id="STEP1"', b""),
        (b"</HashValue>", b"</HashValue><Unheard/>"),
        (b"<HashValue>", b"<HashValue>text"),
        (b"<StepRef", b"<!-- --><StepRef"),
        (b' URI="#STEP1"', b""),
        (b"<ns2:DigestValue>", b"<ns2:DigestValue>?"),
        (b"<DefaultDigestMethod", b"<OtherDigestMethod"),
        (b"<HashChain", b"<!DOCTYPE x><HashChain"),
    ],
)
def test_chains_refused(old: bytes, new: bytes) -> None:
    assert old in CHAIN
    with pytest.raises(MalformedEvidenceError):
        read_chain(CHAIN.replace(old, new, 1))


def test_no_digest_method_anywhere() -> None:
    with pytest.raises(MalformedEvidenceError, match="no digest method"):
        read_chain(re.sub(rb"<DefaultDigestMethod[^>]*/>", b"", CHAIN))
    with pytest.raises(MalformedEvidenceError, match="no digest method"):
        read_result(re.sub(rb"<ns2:DigestMethod[^>]*/>", b"", RESULT))


def test_too_many_steps() -> None:
    steps = b"".join(b'<HashStep id="S%d"/>' % number for number in range(1001))
    with pytest.raises(MalformedEvidenceError, match="1003 steps"):
        read_chain(CHAIN.replace(b"</HashChain>", steps + b"</HashChain>"))


def test_unknown_algorithm() -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        read_chain(CHAIN.replace(b"xmlenc#sha512", b"xmlenc#md5"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_change_is_read_or_refused(data: st.DataObject) -> None:
    xml = bytearray(CHAIN)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    try:
        read_chain(bytes(xml))
    except TrustError:
        return
