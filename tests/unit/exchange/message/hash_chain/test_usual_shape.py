"""The quick reader and the XML reader never disagree."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.exchange.recordings import live_files

from lienthong.exchange.message.hash_chain import ChainInput, build_chains, read_result
from lienthong.exchange.message.hash_chain.usual_shape import match_result, read_step, split_chain
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.errors import TrustError

SHA512 = DigestAlgorithm.SHA512
PARTS = [ChainInput("/message.xml", SHA512.digest(b"m")), ChainInput("/attachment1", SHA512.digest(b"a"))]
BUILT = build_chains([PARTS, PARTS[:1], PARTS])


def unusual(xml: bytes) -> bytes:
    """The same document with one blank more, which only the XML reader takes."""
    return xml.replace(b"?>\n", b"?>\n\n", 1)


def outcome(read: object, xml: bytes) -> object:
    try:
        return read(xml)  # type: ignore[operator]  # one of the two readers
    except TrustError:
        return "refused"


def is_usual(chain: bytes) -> bool:
    parted = split_chain(chain)
    if parted is None:
        return False
    shape, _, steps = parted
    return all(read_step(shape, step, number) for number, step in enumerate(steps))


def test_what_we_write_is_usual() -> None:
    for chain in BUILT.chains:
        assert is_usual(chain)
        assert not is_usual(unusual(chain))
    assert match_result(BUILT.result) is not None
    assert match_result(unusual(BUILT.result)) is None
    assert read_result(BUILT.result) == read_result(unusual(BUILT.result))


def test_genuine_documents_are_usual() -> None:
    for path in live_files("batch/rest/*-log.*.asice")[:6]:
        archive = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
        kinds = [kind for kind in ("sig", "ts") if f"{kind}-hashchain.xml" in archive.namelist()]
        assert kinds
        for kind in kinds:
            chain, result = archive.read(f"{kind}-hashchain.xml"), archive.read(f"{kind}-hashchainresult.xml")
            assert is_usual(chain)
            assert match_result(result) is not None
            assert read_result(result) == read_result(unusual(result))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_result_means_the_same_to_both(data: st.DataObject) -> None:
    document = BUILT.result
    at = data.draw(st.integers(60, len(document) - 1))
    size = data.draw(st.integers(0, 80))
    copied = data.draw(st.integers(60, len(document) - 1))
    changed = document[:at] + document[copied : copied + data.draw(st.integers(0, 80))] + document[at + size :]
    assert outcome(read_result, changed) == outcome(read_result, unusual(changed))


def test_a_step_has_the_number_of_its_place() -> None:
    shape, _, steps = split_chain(BUILT.chains[0]) or pytest.fail("unusual")
    assert read_step(shape, steps[1], 1)
    for number in (0, 2, 11):
        with pytest.raises(ValueError, match="not a step"):
            read_step(shape, steps[1], number)


def test_what_is_huge_is_left_to_the_xml_reader() -> None:
    many = b"".join(b'    <HashStep id="STEP%d">\n    </HashStep>\n' % number for number in range(30_000))
    chain = BUILT.chains[1]
    at = chain.index(b"    <HashStep")
    assert split_chain(chain) is not None
    assert split_chain(chain[:at] + many + chain[at:]) is None
