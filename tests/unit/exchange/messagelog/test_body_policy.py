"""Bodies are stored, withheld, truncated or refused as the policy says."""

import pytest
from tests.fakes.log_records import PROVIDER

from lienthong.exchange.errors import Fault
from lienthong.exchange.messagelog.body_policy import DEFAULT_LIMIT, MAX_LIMIT, BodyPolicy, decide_body
from lienthong.exchange.messagelog.record import BodyState, Side
from lienthong.exchange.serverconf.settings import Limits, LogSettings

S, W, T, N = BodyState.STORED, BodyState.WITHHELD, BodyState.TRUNCATED, BodyState.NONE
HERE = frozenset({PROVIDER})


@pytest.mark.parametrize(
    ("policy", "side", "personal", "size", "expected"),
    [
        (BodyPolicy(), Side.SERVER, False, 5, (S, 5)),
        (BodyPolicy(), Side.SERVER, False, 0, (N, 0)),
        (BodyPolicy(), Side.SERVER, True, 5, (W, 0)),
        (BodyPolicy(withhold_personal_data=False), Side.SERVER, True, 5, (S, 5)),
        (BodyPolicy(log_bodies=False), Side.SERVER, False, 5, (W, 0)),
        (BodyPolicy(log_bodies=False, local_exceptions=HERE), Side.SERVER, False, 5, (S, 5)),
        (BodyPolicy(log_bodies=False, local_exceptions=HERE), Side.CLIENT, False, 5, (W, 0)),
        (BodyPolicy(remote_exceptions=HERE), Side.CLIENT, False, 5, (W, 0)),
        (BodyPolicy(remote_exceptions=HERE), Side.SERVER, False, 5, (S, 5)),
        (BodyPolicy(), Side.CLIENT, False, DEFAULT_LIMIT, (S, DEFAULT_LIMIT)),
        (BodyPolicy(may_truncate=True), Side.CLIENT, False, DEFAULT_LIMIT + 1, (T, DEFAULT_LIMIT)),
        (BodyPolicy(), Side.CLIENT, True, DEFAULT_LIMIT + 1, (W, 0)),
        (BodyPolicy(max_bytes=0), Side.CLIENT, False, 0, (N, 0)),
    ],
)
def test_decision(policy: BodyPolicy, side: Side, personal: bool, size: int, expected: tuple[BodyState, int]) -> None:
    found = decide_body(policy, producer=PROVIDER, side=side, gives_personal_data=personal, size=size)
    assert (found.state, found.kept_bytes) == expected


def test_one_byte_over_the_limit_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        decide_body(
            BodyPolicy(), producer=PROVIDER, side=Side.CLIENT, gives_personal_data=False, size=DEFAULT_LIMIT + 1
        )
    assert caught.value.code == "logging_failed"


@pytest.mark.parametrize("limit", [-1, MAX_LIMIT + 1])
def test_limit_is_bounded(limit: int) -> None:
    with pytest.raises(ValueError, match="max_bytes"):
        BodyPolicy(max_bytes=limit)


def test_settings_become_a_policy() -> None:
    assert BodyPolicy.of(LogSettings(), Limits()) == BodyPolicy()
    policy = BodyPolicy.of(LogSettings(body_logging=False, remote_exceptions=HERE), Limits(truncated_body_allowed=True))
    assert policy == BodyPolicy(log_bodies=False, remote_exceptions=HERE, may_truncate=True)


@pytest.mark.parametrize(("personal", "setting", "expected"), [(False, True, S), (False, False, W), (True, True, W)])
def test_a_service_decides_for_itself_except_about_personal_data(
    personal: bool, setting: bool, expected: BodyState
) -> None:
    policy = BodyPolicy(log_bodies=not setting)
    found = decide_body(
        policy, producer=PROVIDER, side=Side.SERVER, gives_personal_data=personal, size=5, service_setting=setting
    )
    assert found.state is expected
