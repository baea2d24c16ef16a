"""Where private keys are kept: a folder of encrypted files."""

from lienthong.trust.tokens.files import FileTokenStore, read_password

__all__ = ["FileTokenStore", "read_password"]
