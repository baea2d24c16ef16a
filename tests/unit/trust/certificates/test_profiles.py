import pytest

from lienthong.trust.certificates import PROFILES

RULES = [
    # profile, KeyUsage, EKU, EKU critical, and the norm that asks for it
    ("SIGN", ("nonRepudiation",), (), False, "governance dossier s.4.3"),
    ("TSA", ("digitalSignature",), ("1.3.6.1.5.5.7.3.8",), True, "RFC 3161 s.2.3"),
    ("OCSP", ("digitalSignature",), ("1.3.6.1.5.5.7.3.9",), False, "RFC 6960 s.4.2.2.2"),
    ("CA", ("keyCertSign", "cRLSign"), (), False, "RFC 5280 s.4.2.1.3"),
]


@pytest.mark.parametrize(("name", "usage", "purposes", "critical", "norm"), RULES)
def test_the_table_says_what_the_norms_ask(
    name: str, usage: tuple[str, ...], purposes: tuple[str, ...], critical: bool, norm: str
) -> None:
    profile = PROFILES[name]
    assert (profile.key_usage, profile.extended_key_usage, profile.extended_key_usage_critical) == (
        usage,
        purposes,
        critical,
    ), norm


def test_only_a_responder_is_beyond_asking() -> None:
    assert [name for name, profile in PROFILES.items() if profile.ocsp_no_check] == ["OCSP"]
