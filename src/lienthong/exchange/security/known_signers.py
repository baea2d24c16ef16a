"""Signers whose certificates and OCSP answers were judged already, under one global configuration.

Messages alone have a signature each, but the same signer, and what the signer brings along changes only with the next
OCSP answer. Source: message-path dossier s.4.6 steps 4, 5, 8.
"""

from __future__ import annotations

from datetime import datetime

from lienthong.exchange.message.verification import (
    SignerCheck,
    Standing,
    TrustSource,
    check_signer,
    judge_standing,
)
from lienthong.trust.algorithms import Policy
from lienthong.trust.xades import XadesSignature

MAX_SIGNERS = 1024
"""So many are remembered; when there are more, all are forgotten."""


class KnownSigners:
    """To be thrown away with the configuration, and the policy, that it judged by."""

    def __init__(self) -> None:
        self._checks: dict[object, SignerCheck] = {}
        self._standings: dict[SignerCheck, tuple[datetime, Standing]] = {}

    def check(self, signature: XadesSignature, *, instance: str, trust: TrustSource, policy: Policy) -> SignerCheck:
        """See :func:`~lienthong.exchange.message.verification.check_signer`."""
        key = (
            signature.certificate.der,
            tuple(certificate.der for certificate in signature.extra_certificates),
            signature.certificate_digests,
            signature.ocsp_values,
            instance,
        )
        known = self._checks.get(key)
        if known is None:
            if len(self._checks) >= MAX_SIGNERS:
                self._checks.clear()
                self._standings.clear()
            known = self._checks[key] = check_signer(signature, instance=instance, trust=trust, policy=policy)
        return known

    def standing(self, signer: SignerCheck, *, at: datetime, trust: TrustSource, policy: Policy) -> Standing:
        """See :func:`~lienthong.exchange.message.verification.judge_standing`; asked again when it may have changed."""
        since, known = self._standings.get(signer, (None, None))
        if since is None or known is None or not since <= at <= known.until:
            known = judge_standing(signer, at=at, trust=trust, policy=policy)
            self._standings[signer] = (at, known)
        return known
