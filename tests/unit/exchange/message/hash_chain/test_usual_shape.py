"""The quick reader and the XML reader never disagree."""

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.exchange.recordings import live_files

from lienthong.exchange.message.hash_chain import ChainInput, build_chains, read_chain, read_result
from lienthong.exchange.message.hash_chain.usual_shape import match_chain, match_result
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


def test_what_we_write_is_usual() -> None:
    for chain in BUILT.chains:
        assert match_chain(chain) is not None
        assert match_chain(unusual(chain)) is None
        assert read_chain(chain) == read_chain(unusual(chain))
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
            assert match_chain(chain) is not None
            assert match_result(result) is not None
            assert (read_chain(chain), read_result(result)) == (
                read_chain(unusual(chain)),
                read_result(unusual(result)),
            )


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_document_means_the_same_to_both(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([*BUILT.chains, BUILT.result]))
    read = read_result if document is BUILT.result else read_chain
    at = data.draw(st.integers(60, len(document) - 1))
    size = data.draw(st.integers(0, 80))
    copied = data.draw(st.integers(60, len(document) - 1))
    changed = document[:at] + document[copied : copied + data.draw(st.integers(0, 80))] + document[at + size :]
    assert outcome(read, changed) == outcome(read, unusual(changed))


def test_what_is_huge_is_left_to_the_xml_reader() -> None:
    step = b'    <HashStep id="S%d">\n    </HashStep>\n'
    many = b"".join(step % number for number in range(30_000))
    chain = BUILT.chains[1]
    at = chain.index(b"    <HashStep")
    assert match_chain(chain[:at] + step % 1 + chain[at:]) is not None
    assert match_chain(chain[:at] + many + chain[at:]) is None
