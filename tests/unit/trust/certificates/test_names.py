import pytest
from asn1crypto import core, x509
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.pki import CN, ORG, OU, SERIAL_NUMBER, C

from lienthong.trust.certificates import build_name
from lienthong.trust.certificates.names import canonical, rfc2253
from lienthong.trust.errors import MalformedEvidenceError


def _shown(*attributes: tuple[str, str]) -> str:
    return rfc2253(x509.Name.load(build_name(attributes)))


def test_the_last_attribute_comes_first() -> None:
    assert _shown((C, "VN"), (ORG, "GOV"), (CN, "000.00.00.H10")) == "CN=000.00.00.H10,O=GOV,C=VN"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Sở "A", B+C', 'O=Sở \\"A\\"\\, B\\+C'),
        ("#1", "O=\\#1"),
        (" a ", "O=\\ a\\ "),
        ("x;y<z>\\", "O=x\\;y\\<z\\>\\\\"),
        ("=", "O=="),
    ],
)
def test_special_characters_are_escaped(text: str, shown: str) -> None:
    assert _shown((ORG, text)) == shown


def test_other_attributes_are_hexadecimal() -> None:
    assert _shown((SERIAL_NUMBER, "A1")) == "2.5.4.5=#13024131"
    assert _shown(("2.5.4.15", "GOV")) == "2.5.4.15=#0c03474f56"
    assert _shown(("2.5.4.97", "NTREE-1")).startswith("2.5.4.97=#0c07")
    assert _shown(("1.2.840.113549.1.9.1", "a@b.vn")).startswith("1.2.840.113549.1.9.1=#16")


def test_case_space_and_string_type_do_not_count() -> None:
    printable = x509.DirectoryString("printable_string", core.PrintableString("test  ca"))
    rdn = x509.RelativeDistinguishedName([x509.NameTypeAndValue({"type": CN, "value": printable})])
    other = x509.Name("", x509.RDNSequence([rdn]))
    assert canonical(other) == canonical(x509.Name.load(build_name([(CN, "Test CA")])))
    assert canonical(other) != canonical(x509.Name.load(build_name([(OU, "Test CA")])))


@pytest.mark.parametrize("attributes", [[(CN, "")], [("no oid", "x")], [(CN, " ")]])
def test_what_cannot_be_a_name_is_refused(attributes: list[tuple[str, str]]) -> None:
    with pytest.raises(MalformedEvidenceError):
        build_name(attributes)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([C, ORG, OU, CN, SERIAL_NUMBER]), st.text(min_size=1)), min_size=1))
def test_any_text_is_built_and_shown_or_refused(attributes: list[tuple[str, str]]) -> None:
    try:
        built = build_name(attributes)
    except MalformedEvidenceError:
        return
    assert rfc2253(x509.Name.load(built)).count("=") >= len(attributes)
