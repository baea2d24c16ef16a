"""Bodies are stored, withheld, truncated or refused as the policy says."""

import pytest
from tests.fakes.log_records import PROVIDER

from lienthong.exchange.errors import Fault
from lienthong.exchange.messagelog.body_policy import DEFAULT_LIMIT, MAX_LIMIT, BodyPolicy, decide_body
from lienthong.exchange.messagelog.record import BodyState, Side

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
