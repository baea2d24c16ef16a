from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.judges import openssl, pkilint
from tests.fakes.pki import NOW, issuing, key

from lienthong.trust.certificates import RevokedEntry, issue_crl

ENTRIES = [
    RevokedEntry(serial=7, revoked_at=NOW, reason="keyCompromise"),
    RevokedEntry(serial=8, revoked_at=NOW),
]


@pytest.mark.parametrize("entries", [[], ENTRIES])
def test_openssl_and_pkilint_accept_the_list(entries: list[RevokedEntry], tmp_path: Path) -> None:
    (tmp_path / "issuing.pem").write_bytes(issuing().pem)
    (tmp_path / "list.crl").write_bytes(
        issue_crl(
            entries,
            issuer=issuing(),
            key=key("Issuing"),
            number=3,
            this_update=NOW,
            next_update=NOW + timedelta(days=1),
        )
    )
    words = openssl(
        "crl", "-inform", "DER", "-in", tmp_path / "list.crl", "-CAfile", tmp_path / "issuing.pem", "-text", "-noout"
    )
    assert "verify OK" in words
    assert ("Key Compromise" in words) is bool(entries)
    assert pkilint("lint_crl", tmp_path / "list.crl", command=("lint", "-t", "CRL", "-p", "PKIX")) == []
