from datetime import timedelta

from tests.fakes.pki import settings


def test_an_answer_is_renewed_long_before_x_road_calls_it_stale() -> None:
    """Source: message-path dossier s.4.7: fetched every 1200 s, fresh for 3600 s."""
    assert settings().ocsp_refresh + timedelta(seconds=1200) < timedelta(seconds=3600)
    assert settings().ocsp_refresh < settings().ocsp_validity
    assert settings().crl_refresh < settings().crl_validity
