"""Every wire version, with the published schemas as judge of what we accept and of what we write."""

import base64
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.fakes.instances import POPULATION, certificate, key_entries, registry
from tests.shared import shared

from lienthong.exchange.central.registry import private_parameters, shared_parameters
from lienthong.exchange.errors import ConfigurationError, Fault
from lienthong.exchange.globalconf.registry import CODECS, codec_for
from lienthong.trust.algorithms import DigestAlgorithm

NO_NETWORK = etree.XMLParser(no_network=True)


@cache
def schema(version: int, kind: str) -> etree.XMLSchema:
    folder = min(version, 3) if kind == "private" else version
    path = shared(f"xroad/schemas/globalconf/v{folder}/{kind}-parameters.xsd")
    return etree.XMLSchema(etree.parse(str(path), NO_NETWORK))


def accepts(version: int, data: bytes) -> bool:
    try:
        codec_for(version).read_shared(data)
    except Fault as fault:
        return {"malformed_global_conf": False}[fault.code]
    return True


def stored_shared() -> list[Path]:
    return sorted(shared("fixtures/xroad").rglob("shared-params.xml"))


@pytest.mark.parametrize("version", sorted(CODECS))
def test_every_published_file_gets_the_verdict_of_its_schema(version: int) -> None:
    judge = schema(version, "shared")
    for path in stored_shared():
        data = path.read_bytes()
        try:
            expected = judge.validate(etree.fromstring(data))
        except etree.XMLSyntaxError:
            expected = False
        assert accepts(version, data) is expected, path


@pytest.mark.parametrize("folder", ["globalconf_good_v2", "globalconf_good_v4", "globalconf_good_v6"])
def test_what_is_read_and_written_again_is_the_same(folder: str) -> None:
    for path in sorted(shared(f"fixtures/xroad/globalconf/{folder}").rglob("shared-params.xml")):
        metadata = json.loads(path.with_name(path.name + ".metadata").read_bytes())
        codec = codec_for(int(metadata.get("configurationVersion", 2)))
        parameters = codec.read_shared(path.read_bytes())
        written = codec.write_shared(parameters)
        assert codec.read_shared(written) == parameters
        assert schema(codec.version, "shared").validate(etree.fromstring(written))


@pytest.mark.parametrize("version", sorted(CODECS))
def test_what_we_write_is_valid_by_the_schema(version: int) -> None:
    codec = codec_for(version)
    written = codec.write_shared(shared_parameters(registry(), key_entries()))
    schema(version, "shared").assertValid(etree.fromstring(written))
    schema(version, "private").assertValid(etree.fromstring(codec.write_private(private_parameters(registry()))))


@pytest.mark.parametrize(
    ("version", "algorithm"), [(2, DigestAlgorithm.SHA1), (3, DigestAlgorithm.SHA256), (6, DigestAlgorithm.SHA256)]
)
def test_authentication_certificates_are_hashed_as_the_version_says(version: int, algorithm: DigestAlgorithm) -> None:
    root = etree.fromstring(codec_for(version).write_shared(shared_parameters(registry(), key_entries())))
    hashes = [base64.b64decode(e.text) for e in root.findall("securityServer/authCertHash")]
    assert hashes == [certificate("auth").hash(algorithm).value]


def test_ids_go_member_then_its_subsystems_and_disabled_clients_are_left_out() -> None:
    root = etree.fromstring(codec_for(6).write_shared(shared_parameters(registry(), key_entries())))
    assert root.prefix == "ns3"
    assert root.find("member").get("id") == "id0"
    assert [e.get("id") for e in root.findall("member/subsystem")] == ["id1", "id2"]
    assert [e.text for e in root.findall("securityServer/client")] == ["id2"]
    assert [e.text for e in root.findall("securityServer/owner")] == ["id0"]
    assert root.findtext("globalGroup/groupCode") == "security-server-owners"


def test_a_version_carries_only_what_it_knows() -> None:
    model = shared_parameters(registry(), key_entries())
    oldest = codec_for(2).read_shared(codec_for(2).write_shared(model))
    newest = codec_for(6).read_shared(codec_for(6).write_shared(model))
    assert oldest.sources == ()
    assert oldest.servers[0].maintenance is None
    assert oldest.members[0].subsystems[1].name is None
    assert newest.servers[0].maintenance == model.servers[0].maintenance
    assert newest.approved_cas == model.approved_cas
    assert newest.approved_tsas == model.approved_tsas


def test_a_client_that_is_nobody_cannot_be_written() -> None:
    with pytest.raises(ConfigurationError, match="not registered"):
        codec_for(6).write_shared(shared_parameters(registry(members=()), key_entries()))


@pytest.mark.parametrize(("version", "tolerated"), [(2, False), (3, True), (6, True)])
def test_unknown_elements_at_the_end_are_tolerated_from_version_3(version: int, tolerated: bool) -> None:
    written = codec_for(version).write_shared(shared_parameters(registry(), key_entries()))
    data = written.replace(b"</ns3:conf>", b"<future><x/></future></ns3:conf>")
    assert accepts(version, data) is tolerated
    assert schema(version, "shared").validate(etree.fromstring(data)) is tolerated


@pytest.mark.parametrize(
    "prologue",
    [b'<!DOCTYPE conf [<!ENTITY a "b">]>', b"<!DOCTYPE conf>", b'<!DOCTYPE conf SYSTEM "file:///etc/passwd">'],
)
def test_a_document_type_declaration_is_refused(prologue: bytes) -> None:
    written = codec_for(6).write_shared(shared_parameters(registry(), key_entries()))
    declaration, _, rest = written.partition(b"\n")
    assert not accepts(6, declaration + prologue + rest)


def test_an_id_given_twice_and_a_reference_to_nobody_are_refused() -> None:
    written = codec_for(6).write_shared(shared_parameters(registry(), key_entries()))
    assert not accepts(6, written.replace(b'id="id1"', b'id="id2"'))
    assert not accepts(6, written.replace(b"<owner>id0<", b"<owner>id9<"))
    assert not accepts(6, written.replace(b"<owner>id0<", b"<owner>id1<"))


def test_base64_of_pem_is_read_like_base64_of_der() -> None:
    ca = certificate("ca")
    written = codec_for(6).write_shared(shared_parameters(registry(), key_entries()))
    data = written.replace(base64.b64encode(ca.der), base64.b64encode(ca.pem))
    assert data != written
    assert codec_for(6).read_shared(data).approved_cas[0].top.certificate_der == ca.der


def _mutate(element: etree._Element, kind: str, index: int) -> None:
    every = [e for e in element.iter() if e.getparent() is not None]
    victim = every[index % len(every)]
    parent = victim.getparent()
    match kind:
        case "remove":
            parent.remove(victim)
        case "repeat":
            parent.insert(parent.index(victim), etree.fromstring(etree.tostring(victim)))
        case "rename":
            victim.tag = "other"
        case "swap":
            parent.append(victim)
        case "attribute":
            victim.set("odd", "1")
        case "text":
            victim.text = "không phải số!"
        case "empty":
            victim.text = None
        case "nest":
            etree.SubElement(victim, "inner")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    version=st.sampled_from(sorted(CODECS)),
    kind=st.sampled_from(["remove", "repeat", "rename", "swap", "attribute", "text", "empty", "nest"]),
    index=st.integers(0, 200),
)
def test_a_changed_document_is_never_accepted_where_the_schema_refuses(version: int, kind: str, index: int) -> None:
    root = etree.fromstring(_written(version))
    _mutate(root, kind, index)
    data = etree.tostring(root)
    accepted, expected = accepts(version, data), schema(version, "shared").validate(etree.fromstring(data))
    assert expected or not accepted
    if expected and not accepted:  # the schema alone checks neither references nor blank identifiers
        assert kind in {"empty", "text", "remove", "repeat"}


@cache
def _written(version: int) -> bytes:
    return codec_for(version).write_shared(shared_parameters(registry(), key_entries()))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_verdict(data: bytes) -> None:
    assert not accepts(6, data)


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(Fault) as refused:
        codec_for(7)
    assert refused.value.code == "global_conf_get_version_failed"


def test_private_parameters_come_back() -> None:
    model = private_parameters(registry())
    for codec in CODECS.values():
        assert codec.read_private(codec.write_private(model)) == model
    assert POPULATION not in {model.management_service.provider}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"<owner>id0<", b"<owner>id9<", "no element has id 'id9'"),
        (b'id="id1"', b'id="1 d"', "attribute id is not"),
        (b"<memberClass><code>", b"<memberClass><code/><code>", "code is repeated"),
    ],
)
def test_what_is_wrong_is_named(old: bytes, new: bytes, told: str) -> None:
    written = _written(6)
    assert old in written
    with pytest.raises(Fault, match=told):
        codec_for(6).read_shared(written.replace(old, new, 1))


def test_a_pem_text_that_holds_no_certificate_is_kept_as_it_is() -> None:
    """A configuration with one bad certificate stays usable for all others."""
    pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    data = _written(6).replace(base64.b64encode(certificate("ca").der), base64.b64encode(pem))
    assert codec_for(6).read_shared(data).approved_cas[0].top.certificate_der == pem


def test_private_parameters_that_name_nobody_are_refused() -> None:
    written = codec_for(6).write_private(private_parameters(registry()))
    nobody = written.replace(b">VN<", b"> <")
    assert nobody != written
    with pytest.raises(Fault) as refused:
        codec_for(6).read_private(nobody)
    assert refused.value.code == "malformed_global_conf"
