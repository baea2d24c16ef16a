from pathlib import Path

from asn1crypto import x509
from tests.fakes.pki import MEMBER, TestAuthority, key

from lienthong.trust.authority import Authority
from lienthong.trust.certificates import build_request
from lienthong.trust.certificates.extensions import Extensions, read_extensions
from lienthong.trust.certificates.profiles import AUTHENTICATION


def test_addresses_and_dns_names_are_read(tmp_path: Path) -> None:
    authority: Authority = TestAuthority(tmp_path).create()
    request = build_request(key("auth"), MEMBER, dns_names=["ss1.vn.test"])
    extensions = authority.issue_certificate(AUTHENTICATION, request).extensions
    authority.close()
    assert extensions.ocsp_urls == ("http://127.0.9.1:8888/ocsp",)
    assert extensions.crl_urls == ("http://127.0.9.1:8888/crl/issuing.crl",)
    assert extensions.dns_names == ("ss1.vn.test",)
    assert not extensions.unprocessed_critical


def test_none_is_all_defaults() -> None:
    assert read_extensions(x509.Extensions([])) == Extensions()
