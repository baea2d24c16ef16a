"""The province's signing certificate is revoked: its server stops signing; with a new one it goes on."""

from __future__ import annotations

from contextlib import suppress

from lienthong.nation.errors import CommandError
from lienthong.nation.pki import read_pki
from lienthong.nation.provision import apply_settings, enroll, signing_keys
from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.wording import sentence

_UNSIGNABLE = "server.clientproxy.internal_error"
"""What a consumer is told whose member has no certificate to sign with. Source: message-path s.4.7 (local use)."""


def revoked_certificate_refused(stage: Stage) -> Told:
    """Revoke, refuse, enroll anew, go on; each by an operator's command."""
    consumer = stage.country.consumer_server
    desk = ("--server", stage.plan.network.authority_url, "--token-file", "ra-token", "--reason", "keyCompromise")
    keys = signing_keys(stage.plan, consumer)
    stage.operate("authority", "revoke", f"certificates/{consumer.name}/{keys[-1]}.pem", *desk)
    stage.until(lambda: _is_refused(stage), "the province's server goes on signing with a revoked certificate")
    fault = refusal(lambda: stage.officer.verify(stage.other_claim), code=_UNSIGNABLE)
    require("certificate status is REVOKED" in fault.message, f"refused for another reason: {fault.message}")
    enroll(stage.plan, consumer, {f"sign-{len(keys) + 1}": read_pki().keys["sign"]})
    apply_settings(stage.plan, consumer)
    stage.until(lambda: not _is_refused(stage), "the province's server refuses its new certificate")
    return Told(text=sentence("revoked_certificate_refused", code=fault.code))


def _is_refused(stage: Stage) -> bool:
    with suppress(CommandError):  # the order says itself that an answer is not good
        stage.operate("security", "refresh", "ocsp", "--data", stage.country.consumer_server.name)
    return not stage.is_served()
