import pytest
from tests.fakes.pki import MEMBER, certificate, key

from lienthong.trust.certificates import PROFILES, is_authentication, is_signing


@pytest.mark.parametrize(
    ("name", "signing", "authentication"),
    [
        ("SIGN", True, False),
        ("AUTHENTICATION", False, True),
        ("TLS_SERVER", False, True),
        ("SEAL", True, True),
        ("CA", False, False),
    ],
)
def test_what_a_profile_is_for(name: str, signing: bool, authentication: bool) -> None:
    made = certificate(PROFILES[name], MEMBER, key("k"))
    assert (is_signing(made), is_authentication(made)) == (signing, authentication)
