"""Refusals of configuration documents, by their stable codes. Source: governance dossier s.1.7; message-path s.8.1."""

from __future__ import annotations

from enum import StrEnum

from lienthong.exchange.errors import Fault


class Code(StrEnum):
    """Every code this room can give."""

    CONNECTION = "global_conf_download_url_connection_failure"
    VERSION = "global_conf_get_version_failed"
    HEADER_MISSING = "global_conf_header_field_missing"
    HEADER_PARAMETER_MISSING = "global_conf_header_field_missing_parameter"
    HEADER_WRONG = "global_conf_header_field_wrong_value"
    NO_SIGNED_DATA = "global_conf_missing_signed_data"
    NO_EXPIRATION = "global_conf_missing_signed_data_expiration_date"
    NO_CERTIFICATE = "global_conf_missing_verification_cert"
    SIGNATURE_DECODE = "global_conf_signature_decode_failure"
    SIGNATURE = "global_conf_signature_verification_failure"
    DIRECTORY = "global_conf_parsing_downloaded_conf_directory_failure"
    INSTANCE = "global_conf_part_invalid_instance_identifier"
    PART_DOWNLOAD = "global_conf_part_download_failure"
    INTEGRITY = "global_conf_part_downloaded_file_integrity_failure"
    DOWNLOADED_HASH = "global_conf_part_downloaded_hash_failure"
    FILE_HASH = "global_conf_part_file_hash_failure"
    FILE_SAVE = "global_conf_part_file_save_failure"
    FILE_EXPIRATION = "global_conf_part_file_expiration_date_update_failure"
    OUTDATED = "global_conf_outdated"
    MALFORMED = "malformed_global_conf"
    MALFORMED_OPTIONAL = "malformed_optional_parts_conf"
    MALFORMED_ANCHOR = "malformed_anchor"
    NO_ANCHOR = "anchor_file_not_found"


def refuse(code: Code, message: str) -> Fault:
    """Make the fault to raise."""
    return Fault(str(code), message)
