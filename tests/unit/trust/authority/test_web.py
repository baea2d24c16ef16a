from pathlib import Path

from tests.fakes.pki import TestAuthority

from lienthong.trust.authority.web import make_app


def test_the_ra_is_there_only_with_a_secret(tmp_path: Path) -> None:
    authority = TestAuthority(tmp_path / "authority").create()
    paths = [{r.canonical for r in make_app(authority, ra_token=t).router.resources()} for t in (None, b"secret")]
    authority.close()
    assert paths[0] == {"/ocsp", "/ocsp/{request}", "/tsa", "/crl/{name}.crl", "/health"}
    assert paths[1] - paths[0] == {"/certificates", "/revocations"}
