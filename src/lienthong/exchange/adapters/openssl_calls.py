"""The two calls of OpenSSL that the ssl module does not offer, made on the context it holds.

Source: SSL_CTX_set_mode(3), SSL_CTX_set_cert_verify_callback(3).
"""

from __future__ import annotations

import _ssl
import ctypes
import ssl
from collections.abc import Callable
from functools import cache

import structlog

from lienthong.exchange.errors import ConfigurationError

MayFinish = Callable[[bytes], bool]
"""Whether a peer that owns this certificate (DER) may finish the handshake."""

_log = structlog.get_logger()
_CTRL_MODE = 33
"""SSL_CTRL_MODE."""
_MODE_NO_AUTO_CHAIN = 0x8
_CERT_REJECTED = 28
"""X509_V_ERR_CERT_REJECTED: the peer gets the alert bad_certificate."""
_VERIFY = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def send_own_chain_only(context: ssl.SSLContext) -> None:
    """Keep OpenSSL from adding approved CA certificates to the chain it shows: peers ask an OCSP answer about each.

    Source: message-path dossier s.3.1.
    """
    if not _library().SSL_CTX_ctrl(_native(context), _CTRL_MODE, _MODE_NO_AUTO_CHAIN, None) & _MODE_NO_AUTO_CHAIN:
        raise ConfigurationError("OpenSSL does not let the certificate chain be fixed (SSL_MODE_NO_AUTO_CHAIN)")


def decide_handshakes(context: ssl.SSLContext, may_finish: MayFinish) -> None:
    """Let *may_finish* decide about the peer's certificate during the handshake, instead of OpenSSL's own rules.

    The callback lives as long as the context. One that raises refuses.
    """
    library = _library()

    def decide(store: int, _argument: int) -> int:
        try:
            if may_finish(_leaf_der(library, store)):
                return 1
        except BaseException as error:  # noqa: BLE001 - C takes whatever lies in memory for the result of a failed call
            _log.error("handshake_judge_failed", kind=type(error).__name__)
        library.X509_STORE_CTX_set_error(store, _CERT_REJECTED)
        return 0

    callback = _VERIFY(decide)
    library.SSL_CTX_set_cert_verify_callback(_native(context), callback, None)
    context.lienthong_callback = callback  # type: ignore[attr-defined]  # OpenSSL keeps a bare pointer to it


def _leaf_der(library: ctypes.CDLL, store: int) -> bytes:
    certificate = library.X509_STORE_CTX_get0_cert(store)
    encoded = ctypes.create_string_buffer(library.i2d_X509(certificate, None))
    library.i2d_X509(certificate, ctypes.byref(ctypes.c_void_p(ctypes.addressof(encoded))))
    return encoded.raw


def _native(context: ssl.SSLContext) -> int:
    """The SSL_CTX, which the context object holds right after its header (CPython 3.11 to 3.13)."""
    native = ctypes.c_void_p.from_address(id(context) + object.__basicsize__).value
    if native is None:
        raise ConfigurationError("this Python keeps its TLS contexts where they cannot be reached")
    return native


@cache
def _library() -> ctypes.CDLL:
    """The libssl that the ssl module itself uses."""
    library = ctypes.CDLL(_ssl.__file__)
    pointer, number = ctypes.c_void_p, ctypes.c_int
    signatures = {
        "SSL_CTX_ctrl": ((pointer, number, ctypes.c_long, pointer), ctypes.c_long),
        "SSL_CTX_set_cert_verify_callback": ((pointer, _VERIFY, pointer), None),
        "X509_STORE_CTX_get0_cert": ((pointer,), pointer),
        "X509_STORE_CTX_set_error": ((pointer, number), None),
        "i2d_X509": ((pointer, pointer), number),
    }
    for name, (arguments, result) in signatures.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, result
    return library
