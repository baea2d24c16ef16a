"""Every fault code: what it means, in the spelling of X-Road 7.8, and how 7.0 to 7.7 spelt it.

A code is dot-joined: prefixes say where it arose, the last word what it is. A code that a service made up stays as it
is. Source: message-path dossier s.8.
"""

from __future__ import annotations

import re
from functools import lru_cache

CATALOGUE: dict[str, str] = {
    # where
    "client": "the information system's message is at fault",
    "server": "a security server or service is at fault",
    "clientproxy": "at the consumer's security server",
    "serverproxy": "at the provider's security server",
    "signer": "in the signer of a security server",
    "opmonitor": "in the operational monitoring of the provider's server",
    "service_failed": "in reading the other side's message, or in calling the service",
    "signature_verification": "in judging a signature",
    "mlog": "in the message log",
    # generic
    "io_error": "input or output failed",
    "network_error": "no candidate server could be reached, or TLS failed",
    "unknown_host": "host name cannot be resolved",
    "internal_error": "anything else",
    "http_error": "unexpected HTTP status from a server or service",
    "database_error": "the database failed",
    "bad_request": "the request cannot be understood",
    "not_found": "no such thing",
    "invalid_request": "the request is not valid",
    "invalid_response": "the response is not valid",
    # message syntax
    "invalid_content_type": "content type not allowed here",
    "invalid_soap_action": "SOAPAction is no quoted URI",
    "invalid_http_method": "HTTP method not allowed here",
    "invalid_message": "message cut short, part too many, no fault where one was expected",
    "mime_parsing_failed": "multipart cannot be read",
    "invalid_soap": "no SOAP envelope",
    "invalid_xml": "XML or an identifier in it is malformed",
    "missing_header": "SOAP Header is missing",
    "missing_header_field": "an obligatory header is missing",
    "duplicate_header_field": "a header comes twice",
    "missing_body": "SOAP Body is missing",
    "invalid_body": "SOAP Body has not exactly one child",
    "inconsistent_headers": "header and body, or part and transport header, disagree",
    "invalid_protocol_version": "protocol version is not 4",
    "missing_soap": "no SOAP part",
    "missing_rest": "no REST part",
    "invalid_rest": "REST part cannot be read",
    "missing_signature": "no signature part",
    "malformed_soap": "SOAP message is malformed",
    # addressing and authorisation
    "invalid_client_identifier": "client identifier missing or given twice",
    "unknown_member": "client not registered here, or no address for the provider",
    "invalid_security_server": "not the security server asked for",
    "maintenance_mode": "the provider's server is in maintenance",
    "unknown_service": "no such service",
    "service_type": "REST service called by SOAP, or the other way round",
    "access_denied": "the client has no right to the service",
    "service_disabled": "the service is switched off",
    "client_proxy_version_not_supported": "the consumer's server is too old",
    "ssl_authentication_failed": "a TLS peer is not who it must be",
    "service_missing_url": "the service has no URL",
    "service_malformed_url": "the service's URL is malformed",
    "adapter_wsdl_not_found": "the service's WSDL cannot be fetched",
    "security_category": "security category not allowed",
    # signature
    "cannot_create_signature": "signing failed",
    "malformed_signature": "signature document is not as it must be",
    "invalid_signature_value": "signature does not verify",
    "invalid_reference": "a reference of the signature does not verify",
    "invalid_hash_chain": "hash chain leads to another result",
    "malformed_hash_chain": "hash chain document is not as it must be",
    "hashchain_unused_inputs": "a part is not covered by the hash chain",
    "invalid_hash_chain_ref": "hash chain refers to what is not there",
    "incorrect_certificate": "certificate belongs to somebody else",
    "cert_validation": "OCSP does not say good",
    "cert_validity_time": "certificate not valid at that time",
    "missing_validation_info": "OCSP answer missing",
    "incorrect_validation_info": "OCSP answer stale or wrong",
    "cannot_create_cert_path": "no path to an approved authority",
    "invalid_cert_path": "path does not verify",
    "unsupported_algorithm": "algorithm not supported",
    "cryptography_error": "cryptography failed",
    "hsm_non_operational": "hardware module does not work",
    "timestamp_validation": "timestamp does not verify",
    "inconsistent_response": "response does not belong to the request",
    # message log
    "logging_failed": "message cannot be logged",
    "timestamping_failed": "timestamps are overdue",
    "timestamper_failed": "timestamping service failed",
    # ASiC containers
    "asic_invalid_container": "container cannot be read",
    "asic_mime_type_not_found": "no mimetype entry",
    "asic_invalid_mime_type": "wrong mimetype",
    "asic_message_not_found": "no message entry",
    "asic_signature_not_found": "no signature entry",
    "asic_hash_chain_result_not_found": "no hash chain result entry",
    "asic_hash_chain_not_found": "no hash chain entry",
    "asic_timestamp_not_found": "no timestamp entry",
    "asic_manifest_not_found": "no manifest entry",
    # configuration
    "malformed_server_conf": "server configuration malformed",
    "malformed_key_conf": "key configuration malformed",
    "malformed_global_conf": "global configuration malformed",
    "malformed_optional_parts_conf": "optional configuration parts malformed",
    "global_conf_outdated": "global configuration expired: every message is refused",
    "malformed_anchor": "configuration anchor malformed",
    "anchor_file_not_found": "configuration anchor missing",
    # signer
    "key_not_found": "no such key",
    "key_not_available": "key cannot be used",
    "cert_not_found": "no such certificate",
    "csr_not_found": "no such certification request",
    "token_not_found": "no such token",
    "token_not_active": "token not logged in",
    "token_not_initialized": "token not initialised",
    "token_not_available": "token not there",
    "token_readonly": "token cannot be written",
    "cannot_sign": "signing failed",
    "unsupported_sign_algorithm": "signature algorithm not supported",
    "failed_to_generate_private_key": "key generation failed",
    "failed_to_generate_certificate_request": "certification request failed",
    "cert_exists": "certificate already there",
    "wrong_cert_usage": "certificate for another usage",
    "cert_import_failed": "certificate import failed",
    "login_failed": "token login failed",
    "logout_failed": "token logout failed",
    "pin_incorrect": "wrong PIN",
    "token_pin_policy_failure": "PIN too weak",
    "cannot_get_member_id_from_certificate": "subject names no member",
    "cannot_find_member": "no such member",
    # OCSP
    "ocsp_connection_error": "OCSP responder cannot be reached",
    "ocsp_response_parsing_failure": "OCSP answer cannot be read",
    "ocsp_failed": "OCSP responder refused",
    "ocsp_response_verification_failure": "OCSP answer does not verify",
}
"""Each word of a code, and what it says."""

LOG_CODES = frozenset(
    {
        "no_timestamping_provider_found",
        "timestamp_request_timed_out",
        "malformed_timestamp_server_url",
        "timestamping_non_ok_response",
        "log_manager_unavailable",
        "timestamp_token_signer_info_not_found",
        "tsp_certificate_not_found",
        "adding_signature_to_ts_token_failed",
        "timestamp_token_encoding_failed",
        "updating_message_signature_failed",
        "no_log_records_specified",
        "message_log_record_not_found",
        "failed_to_build_signature_hash_chain",
        "failed_to_prepare_signature_data",
        "no_signature_hashes_specified",
        "calculating_message_digest_failed",
        "reading_timestamp_response_failed",
        "timestamp_provider_connection_failed",
        "timestamp_response_object_creation_failed",
        "timestamp_non_granted_response",
        "timestamp_record_save_failure",
        "timestamp_response_validation_failed",
        "timestamp_signer_verification_failed",
    }
)
"""What follows ``mlog.``."""

_IRREGULAR = {
    "io_error": "IOError",
    "hsm_non_operational": "HSMNonOperational",
    "hashchain_unused_inputs": "HashChainUnusedInputs",
    "global_conf_outdated": "OutdatedGlobalConf",
    "token_readonly": "TokenReadOnly",
    "clientproxy": "ClientProxy",
    "serverproxy": "ServerProxy",
}
_OLD = {word: _IRREGULAR.get(word, "".join(map(str.capitalize, word.split("_")))) for word in CATALOGUE | _IRREGULAR}
_OLD |= {word: "".join(map(str.capitalize, word.split("_"))) for word in LOG_CODES}
_NEW = {old: new for new, old in _OLD.items()}
_OLD["outdated_global_conf"] = "OutdatedGlobalConf"
_OLD_WORD = re.compile(r"(?:[A-Z]+[a-z0-9]*)+")
_NEW_WORD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ORIGINS = frozenset({"client", "server", "signer"})


@lru_cache(maxsize=1024)
def to_old_spelling(code: str) -> str:
    """A code as X-Road 7.0 to 7.7 spells it; a code that is not one of ours stays as it is."""
    words = code.split(".")
    if not _is_known(words, _OLD) or not all(map(_NEW_WORD.fullmatch, words)):
        return code
    return ".".join(_OLD.get(word) or "".join(map(str.capitalize, word.split("_"))) for word in words)


@lru_cache(maxsize=1024)
def from_any_spelling(code: str) -> str:
    """A code as X-Road 7.8 spells it, from either spelling; a code that is not one of ours stays as it is."""
    words = code.split(".")
    if not _is_known(words, _NEW) or not all(map(_OLD_WORD.fullmatch, words)):
        return code
    return ".".join(_NEW.get(word) or _HUMP.sub("_", word).lower() for word in words)


def _is_known(words: list[str], table: dict[str, str]) -> bool:
    """Whether the code begins with an origin, or is a single word of the catalogue."""
    return words[0].lower() in _ORIGINS if len(words) > 1 else words[0] in table


def http_status(code: str) -> int:
    """500 when a server is at fault, else 400, in either spelling. Source: message-path dossier s.2.6."""
    return 500 if code.lower().startswith("server.") else 400
