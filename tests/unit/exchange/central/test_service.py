"""A central server over its folder: declared, published, rotated, rolled back."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.instances import NOW, certificate, key_entries, registry
from tests.shared import ROOT

from lienthong.exchange.central.database import CentralDatabase
from lienthong.exchange.central.difference import registry_difference
from lienthong.exchange.central.publication import PublicFolder
from lienthong.exchange.central.service import CentralFolder, CentralService
from lienthong.exchange.errors import ConfigurationError, Fault
from lienthong.exchange.globalconf.anchor import read_anchor
from lienthong.exchange.globalconf.directory import SignedDirectory, read_directory
from lienthong.exchange.globalconf.refresh import check_part
from lienthong.exchange.globalconf.registry import CODECS
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.trust.algorithms import KeyType
from lienthong.trust.errors import KeyAccessError

PROFILE = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"
DECLARATION = f"""
instance = "VN"
addresses = ["cs.example.vn:80", "127.0.9.7:8090"]
trusted_anchors = []
[management]
provider = "VN/GOV/G01/management"
auth_cert_reg_url = "https://cs.example.vn:4001/managementservice/"
[settings]
publication_interval = 2
verify_next_update = false
[[member_class]]
code = "GOV"
description = "Cơ quan nhà nước"
[[member]]
id = "VN/GOV/G01"
name = "Bộ Công an"
[[member.subsystem]]
code = "management"
[[member.subsystem]]
code = "population"
name = "Dân cư"
[[server]]
id = "VN/GOV/G01/ss1"
address = "127.0.1.2"
auth_certificates = ["auth.pem"]
clients = ["VN/GOV/G01/population"]
maintenance = true
[[group]]
code = "everyone"
description = "Tất cả"
members = ["VN/GOV/G01/population", "EE/GOV/1"]
[[ca]]
name = "CA"
profile = "{PROFILE}"
certificate = "ca.der"
[[ca.ocsp]]
url = "http://127.0.9.1/ocsp"
cost = "FREE"
[[ca.intermediate]]
certificate = "sub.der"
[ca.acme]
directory_url = "http://127.0.9.1/acme"
[[tsa]]
name = "TSA"
url = "http://127.0.9.1/tsa"
certificate = "ca.der"
"""


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path, clock: Clock) -> CentralService:
    made = CentralService(CentralFolder(path=tmp_path / "central"), clock=clock)
    made.initialize("VN", ["cs.example.vn"], key_type=KeyType.EC)
    return made


@pytest.fixture
def declaration(tmp_path: Path) -> Path:
    (tmp_path / "auth.pem").write_bytes(certificate("auth").pem)
    (tmp_path / "ca.der").write_bytes(certificate("ca").der)
    (tmp_path / "sub.der").write_bytes(certificate("sub-ca").der)
    path = tmp_path / "vn.toml"
    path.write_text(DECLARATION, encoding="utf-8")
    return path


def directory(
    service: CentralService, version: int = 6, kind: str = "internal", anchor: bytes = b""
) -> SignedDirectory:
    trusted = read_anchor(anchor or service.anchor(kind))
    data = service.public.document(version, f"{kind}conf")
    assert data is not None
    return read_directory(data, certificates=trusted.sources[0].certificates, at=NOW)


def test_every_version_is_published_and_holds(service: CentralService, declaration: Path) -> None:
    service.apply(declaration, is_dry_run=False)
    service.publish()
    for version in CODECS:
        listed = {kind: directory(service, version, kind).parts for kind in ("internal", "external")}
        assert [part.identifier for part in listed["external"]] == ["SHARED-PARAMETERS"]
        assert [p.identifier for p in listed["internal"]] == ["SHARED-PARAMETERS", "PRIVATE-PARAMETERS", "NEXTUPDATE"]
        for part in listed["internal"]:
            _, folder, stamp, name = part.location.split("/")
            assert folder == f"V{version}"
            assert stamp.isdigit()
            data = service.public.part(version, stamp, name)
            assert data is not None
            part.require_intact(data)
            check_part(part, data, version)
    assert service.public.status().success


def test_applying_twice_changes_nothing(service: CentralService, declaration: Path) -> None:
    planned = service.apply(declaration, is_dry_run=True)
    assert planned
    assert service.apply(declaration, is_dry_run=False) == planned
    assert service.apply(declaration, is_dry_run=False) == []
    events = [entry.event for entry in service.database.history()]
    assert events == ["registry_applied", "initialized"]


def test_a_difference_names_what_changes(service: CentralService, declaration: Path) -> None:
    service.apply(declaration, is_dry_run=False)
    declaration.write_text(DECLARATION.replace("maintenance = true", "").replace("Bộ Công an", "Bộ CA"))
    assert [str(change) for change in service.apply(declaration, is_dry_run=True)] == [
        "~ members[VN/GOV/G01].name: Bộ Công an -> Bộ CA",
        "- servers[VN/GOV/G01/ss1].maintenance = yes",
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('code = "GOV"', 'code = "G OV"', "member_class[0].code"),
        ('"VN/GOV/G01/population"]\nmaint', '"VN/GOV/G01/nobody"]\nmaint', "server[0].clients"),
        ('provider = "VN/GOV/G01/management"', 'provider = "VN/GOV/G02"', "management.provider"),
        ('code = "everyone"', 'code = "security-server-owners"', "group[0].code"),
        ('code = "population"', 'code = "management"', "member[0].subsystem"),
        ('id = "VN/GOV/G01"', 'id = "VN/COM/G01"', "member[0].id"),
        ('id = "VN/GOV/G01"', 'id = "VN/GOV/G01/sub"', "member[0].id"),
        ('"auth.pem"', '"missing.pem"', "server[0].auth_certificates"),
        ('"auth.pem"', '"vn.toml"', "server[0].auth_certificates"),
        ('cost = "FREE"', 'cost = "CHEAP"', "ca[0].ocsp[0].cost"),
        ("trusted_anchors = []", 'trusted_anchors = ["ca.der"]', "trusted_anchors"),
        ("trusted_anchors = []", 'trusted_anchors = ["gone"]', "trusted_anchors"),
        ('"cs.example.vn:80"', '"http://cs"', "addresses"),
        ("publication_interval = 2", "publication_interval = 301", "settings.publication_interval"),
        ('name = "TSA"', 'name = "TSA"\nnamme = "x"', "tsa[0].namme"),
        ('"https://cs.example.vn:4001/managementservice/"', '" "', "management.auth_cert_reg_url"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    service: CentralService, declaration: Path, old: str, new: str, key: str
) -> None:
    assert old in DECLARATION
    declaration.write_text(DECLARATION.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidSettingsError) as refused:
        service.apply(declaration, is_dry_run=False)
    assert key in [problem.key for problem in refused.value.settings_problems]
    assert all(problem.line > 0 for problem in refused.value.settings_problems)
    assert service.database.registry().members == ()


def test_all_problems_come_at_once(service: CentralService, declaration: Path) -> None:
    text = DECLARATION.replace('"auth.pem"', '"none"').replace('"FREE"', '"CHEAP"').replace("= true", '= "yes"')
    declaration.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSettingsError) as refused:
        service.apply(declaration, is_dry_run=False)
    assert len(refused.value.settings_problems) == 3


def test_another_instances_declaration_is_refused(service: CentralService, declaration: Path) -> None:
    declaration.write_text('instance = "EE"\naddresses = ["cs"]\n')
    with pytest.raises(ConfigurationError, match="of instance EE"):
        service.apply(declaration, is_dry_run=False)


def test_nothing_is_published_without_a_management_service(service: CentralService) -> None:
    with pytest.raises(ConfigurationError, match="management"):
        service.publish()
    assert not service.public.status().success
    assert service.public.document(6, "internalconf") is None


def test_keys_rotate_without_new_anchors(service: CentralService, declaration: Path) -> None:
    service.apply(declaration, is_dry_run=False)
    old_anchor = service.anchor("internal")
    second = service.add_key("internal", key_type=KeyType.EC)
    assert not second.is_active
    service.publish()
    announced = CODECS[6].read_shared(_shared(service, old_anchor)).sources[0].internal_certificates
    assert second.certificate_der in announced
    first = next(key for key in service.database.signing_keys() if key.kind == "internal" and key.is_active)
    with pytest.raises(ConfigurationError, match="signs now"):
        service.remove_key(first.name)
    service.activate_key(second.name)
    service.publish()
    with pytest.raises(Fault, match="missing_verification_cert"):
        directory(service, anchor=old_anchor)
    service.remove_key(first.name)
    service.publish()
    assert directory(service).certificate.der == second.certificate_der
    with pytest.raises(ConfigurationError, match="no signing key"):
        service.activate_key(first.name)


def _shared(service: CentralService, anchor: bytes) -> bytes:
    part = directory(service, anchor=anchor).parts[0]
    _, _, stamp, name = part.location.split("/")
    data = service.public.part(6, stamp, name)
    assert data is not None
    return data


def test_a_signing_certificate_is_like_a_genuine_one(service: CentralService) -> None:
    directory_certificate = read_anchor(service.anchor("external")).sources[0].certificates[0]
    from lienthong.trust.certificates import Certificate

    found = Certificate.from_der(directory_certificate)
    assert found.subject == found.issuer == "CN=externalSigningKey"
    assert (found.serial, found.not_before.year, found.not_after.year) == (1, 1970, 2038)
    assert found.key_usage == {"nonRepudiation", "keyCertSign"}
    assert found.is_ca


def test_an_anchor_lists_http_then_https_on_standard_ports(service: CentralService, declaration: Path) -> None:
    service.apply(declaration, is_dry_run=False)
    anchor = read_anchor(service.anchor("internal"))
    assert anchor.generated_at is not None
    assert [source.download_url for source in anchor.sources] == [
        "http://cs.example.vn/internalconf",
        "http://127.0.9.7:8090/internalconf",
        "https://cs.example.vn/internalconf",
    ]


def test_old_parts_go_after_ten_minutes(service: CentralService, declaration: Path, clock: Clock) -> None:
    service.apply(declaration, is_dry_run=False)
    service.publish()
    _, _, stamp, name = directory(service).parts[0].location.split("/")
    clock.now = NOW + timedelta(seconds=590)
    service.publish()
    assert service.public.part(6, stamp, name) is not None
    clock.now = NOW + timedelta(seconds=601)
    service.publish()
    assert service.public.part(6, stamp, name) is None


def test_one_version_that_cannot_be_written_rolls_all_back(
    service: CentralService, declaration: Path, tmp_path: Path
) -> None:
    service.apply(declaration, is_dry_run=False)
    service.publish()
    before = {version: service.public.document(version, "internalconf") for version in CODECS}
    blocked = tmp_path / "central/public/V5/internalconf"
    blocked.unlink()
    blocked.mkdir()
    (blocked / "x").touch()
    with pytest.raises(OSError):
        service.publish()
    after = {version: service.public.document(version, "internalconf") for version in CODECS if version != 5}
    assert after == {version: data for version, data in before.items() if version != 5}
    stamps = [path for path in (tmp_path / "central/public/V6").iterdir() if path.is_dir()]
    assert len(stamps) == 1


def test_a_folder_is_made_once_and_its_password_is_the_owners_alone(service: CentralService, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="exists already"):
        service.initialize("VN", ["cs"])
    assert (tmp_path / "central/token.password").stat().st_mode & 0o077 == 0


def test_a_missing_password_file_is_an_error(tmp_path: Path, clock: Clock) -> None:
    folder = CentralFolder(path=tmp_path / "c", password_file=tmp_path / "none")
    with pytest.raises(KeyAccessError):
        CentralService(folder, clock=clock).initialize("VN", ["cs"], key_type=KeyType.EC)


def test_without_a_folder_nothing_can_be_asked(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(ConfigurationError, match="central init"):
        CentralService(CentralFolder(path=tmp_path), clock=clock).publish()


def test_a_registry_comes_back_from_the_database(tmp_path: Path) -> None:
    database = CentralDatabase(tmp_path / "c.sqlite3")
    database.create(registry(), key_entries(), at=NOW)
    assert database.registry() == registry()
    assert set(database.signing_keys()) == set(key_entries())
    changed = registry(groups=(), monitoring_client=None, verify_next_update=None, ocsp_fetch_interval=None)
    database.replace_registry(changed, ["x"], at=NOW)
    assert database.registry() == changed
    assert registry_difference(changed, changed) == []


def test_status_survives_and_garbage_is_no_status(tmp_path: Path) -> None:
    public = PublicFolder(tmp_path)
    assert public.status().at is None
    (tmp_path / ".global_conf_gen_status").write_bytes(b"{")
    assert not public.status().success


def test_the_manuals_declaration_is_valid(service: CentralService, tmp_path: Path) -> None:
    manual = (ROOT / "docs/manual/central-server.md").read_text(encoding="utf-8")
    text = manual.split("```toml\n")[1].split("```")[0]
    for name in ("registration", "ss1-auth", "ca", "ocsp", "sub-ca", "tsa"):
        (tmp_path / f"{name}.pem").write_bytes(certificate(name).pem)
    foreign = CentralService(CentralFolder(path=tmp_path / "ee"), clock=Clock())
    foreign.initialize("EE", ["cs.example.ee"], key_type=KeyType.EC)
    (tmp_path / "ee-external.xml").write_bytes(foreign.anchor("external"))
    (tmp_path / "vn.toml").write_text(text, encoding="utf-8")
    assert service.apply(tmp_path / "vn.toml", is_dry_run=False)
    service.publish()
    assert service.public.status().expires is not None
