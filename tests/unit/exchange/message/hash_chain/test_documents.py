"""Documents byte for byte as genuine servers write them."""

import io
import zipfile

from tests.unit.exchange.recordings import live

from lienthong.exchange.message.hash_chain import TIMESTAMP_CHAIN, ChainInput, build_chains, read_chain, read_result
from lienthong.trust.algorithms import DigestAlgorithm

SHA512 = DigestAlgorithm.SHA512


def test_the_same_bytes_as_a_genuine_server() -> None:
    kept = zipfile.ZipFile(io.BytesIO(live("rest/put", "consumer-log.request.asice")))
    inputs = [ChainInput(f"/{n}", SHA512.digest(kept.read(n))) for n in ("message.xml", "attachment1")]
    built = build_chains([inputs])
    assert built.result == kept.read("sig-hashchainresult.xml")
    assert built.chains == (kept.read("sig-hashchain.xml"),)


def test_names_are_escaped() -> None:
    name = "/a&b<\"'>"
    built = build_chains([[ChainInput(name, SHA512.digest(b""))]], chain_name=TIMESTAMP_CHAIN)
    assert read_result(built.result).uri == "/ts-hashchain.xml#STEP0"
    assert read_chain(built.chains[0]).steps["STEP0"][0].uri == name
