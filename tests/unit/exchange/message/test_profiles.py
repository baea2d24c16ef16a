"""Subjects to members, profile by profile."""

import pytest
from tests.fakes import pki

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.profiles import is_test_profile, member_of
from lienthong.trust.certificates.profiles import SIGN

JAVA = "ee.ria.xroad.common.certificateprofile.impl.{}CertificateProfileInfoProvider"
C, O, OU, CN, SERIAL = pki.C, pki.ORG, pki.OU, pki.CN, pki.SERIAL_NUMBER  # noqa: E741 - names of X.520
CATEGORY, ORGANIZATION_ID = "2.5.4.15", "2.5.4.97"

TABLE = [
    ("Ejbca", [(C, "VN"), (O, "GOV"), (CN, "H10")], ("VN", "GOV", "H10")),
    ("FiVRK", [(C, "FI"), (O, "Org"), (SERIAL, "FI-TEST/ss1/COM"), (CN, "123")], ("FI-TEST", "COM", "123")),
    ("FiVRK", [(C, "FI"), (O, "FI-TEST"), (OU, "COM"), (CN, "123")], ("FI-TEST", "COM", "123")),
    ("FiVRK", [(C, "VN"), (O, "COM"), (CN, "123")], ("VN", "COM", "123")),
    ("FiVRK", [(C, "FI"), (O, "Org"), (SERIAL, "FI-TEST/COM"), (CN, "123")], None),
    ("FiVRK", [(C, "SE"), (O, "Org"), (SERIAL, "FI-TEST/ss1/COM"), (CN, "123")], None),
    ("FiVRK", [(C, "FI"), (SERIAL, "FI-TEST/ss1/COM"), (CN, "123")], None),
    ("FiVRK", [(C, "SE"), (O, "FI-TEST"), (OU, "COM"), (CN, "123")], None),
    ("Fo", [(C, "FO"), (O, "FO-T"), (OU, "COM"), (CN, "1"), (SERIAL, "FO-T/COM/1/s")], ("FO-T", "COM", "1")),
    ("Fo", [(C, "FO"), (O, "FO-T"), (OU, "COM"), (CN, "1")], None),
    ("Is", [(C, "IS"), (O, "IS-T"), (OU, "COM"), (CN, "1"), (SERIAL, "IS-T/COM/1/s")], ("IS-T", "COM", "1")),
    ("Is", [(C, "IS"), (O, "COM"), (CN, "1")], ("IS", "COM", "1")),
    ("Is", [(C, "IS"), (O, "IS-T"), (OU, "COM"), (CN, "1")], None),
    ("Basic", [(C, "VN"), (CN, "x"), (CATEGORY, "GOV"), (SERIAL, "H10")], ("HERE", "GOV", "H10")),
    ("BasicACME", [(C, "VN"), (CN, "x"), (CATEGORY, "GOV"), (SERIAL, "H10")], ("HERE", "GOV", "H10")),
    ("Basic", [(C, "VN"), (SERIAL, "H10")], None),
    ("SkKlass3", [(CN, "x"), (ORGANIZATION_ID, "NTREE-10747013")], ("HERE", "COM", "10747013")),
    ("SkKlass3", [(CN, "x"), (ORGANIZATION_ID, "GO:EE-70006317")], ("HERE", "GOV", "70006317")),
    ("SkKlass3", [(CN, "x"), (ORGANIZATION_ID, "NP:EE-80001234")], ("HERE", "NGO", "80001234")),
    ("SkKlass3", [(CN, "x"), (ORGANIZATION_ID, "VATEE-1")], ("HERE", "NEE", "VATEE-1")),
    ("SkKlass3", [(CN, "x"), (SERIAL, "10747013")], ("HERE", "COM", "10747013")),
    ("SkKlass3", [(CN, "x"), (SERIAL, "70006317")], ("HERE", "GOV", "70006317")),
    ("SkKlass3", [(CN, "x"), (SERIAL, "90001234")], ("HERE", "NGO", "90001234")),
    ("SkKlass3", [(CN, "x"), (SERIAL, "00001234")], None),
    ("SkKlass3", [(CN, "x"), (SERIAL, "1234567")], None),
    ("SkEsteId", [(CN, "x"), (SERIAL, "47101010033")], ("HERE", "PERSON", "47101010033")),
    ("Test", [(CN, "consumer")], ("HERE", "BUSINESS", "consumer")),
    ("Unheard", [(CN, "x")], None),
]


@pytest.mark.parametrize(("profile", "subject", "member"), TABLE)
def test_profiles(profile: str, subject: list[tuple[str, str]], member: tuple[str, str, str] | None) -> None:
    certificate = pki.certificate(SIGN, subject, pki.key())
    if member is not None:
        assert member_of(certificate, profile=JAVA.format(profile), instance="HERE") == ClientId(*member)
        return
    with pytest.raises(Fault) as caught:
        member_of(certificate, profile=JAVA.format(profile), instance="HERE")
    assert caught.value.code == "incorrect_certificate"


@pytest.mark.parametrize("name", ["EjbcaSignCertificateProfileInfo", "x.EjbcaCertificateProfileInfoProvider", "ejbca"])
def test_spellings_of_one_profile(name: str) -> None:
    certificate = pki.certificate(SIGN, pki.MEMBER, pki.key())
    assert member_of(certificate, profile=name, instance="VN").member_code == "000.00.00.H10"


@pytest.mark.parametrize(("name", "is_for_tests"), [("Test", True), ("Ejbca", False), ("", False)])
def test_a_profile_for_tests_is_known_by_its_name(name: str, is_for_tests: bool) -> None:
    assert is_test_profile(JAVA.format(name)) is is_for_tests
