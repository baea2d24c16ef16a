-- What a central server keeps. Certificates are DER; identifiers are written INSTANCE/CLASS/CODE[/SUBSYSTEM].
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE address (position INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE);
CREATE TABLE management (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    provider TEXT NOT NULL,
    auth_cert_reg_url TEXT NOT NULL CHECK (trim(auth_cert_reg_url) <> ''),
    auth_cert_reg_certificate BLOB
);
CREATE TABLE member_class (position INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, description TEXT NOT NULL);
CREATE TABLE member (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, class TEXT NOT NULL REFERENCES member_class (code), name TEXT NOT NULL
);
CREATE TABLE subsystem (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, member TEXT NOT NULL REFERENCES member (id),
    code TEXT NOT NULL, name TEXT
);
CREATE TABLE server (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL REFERENCES member (id),
    code TEXT NOT NULL, address TEXT, in_maintenance INTEGER NOT NULL, maintenance_message TEXT
);
CREATE TABLE server_client (
    position INTEGER PRIMARY KEY, server TEXT NOT NULL REFERENCES server (id), client TEXT NOT NULL,
    enabled INTEGER NOT NULL, UNIQUE (server, client)
);
CREATE TABLE auth_cert (
    position INTEGER PRIMARY KEY, server TEXT NOT NULL REFERENCES server (id), certificate BLOB NOT NULL UNIQUE
);
CREATE TABLE global_group (position INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, description TEXT NOT NULL);
CREATE TABLE group_member (
    position INTEGER PRIMARY KEY, group_code TEXT NOT NULL REFERENCES global_group (code), client TEXT NOT NULL,
    UNIQUE (group_code, client)
);
CREATE TABLE approved_ca (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, profile TEXT NOT NULL, authentication_only INTEGER NOT NULL,
    default_csr_format TEXT, acme_directory_url TEXT, acme_ip_addresses TEXT,
    acme_authentication_profile_id TEXT, acme_signing_profile_id TEXT
);
CREATE TABLE ca_certificate (
    position INTEGER PRIMARY KEY, ca TEXT NOT NULL REFERENCES approved_ca (name), is_top INTEGER NOT NULL,
    certificate BLOB NOT NULL
);
CREATE TABLE ocsp_responder (
    position INTEGER PRIMARY KEY, ca_certificate INTEGER NOT NULL REFERENCES ca_certificate (position),
    url TEXT NOT NULL, certificate BLOB, cost_type TEXT
);
CREATE TABLE approved_tsa (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL, certificate BLOB NOT NULL, cost_type TEXT
);
CREATE TABLE trusted_anchor (position INTEGER PRIMARY KEY, anchor BLOB NOT NULL);
CREATE TABLE signing_key (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('internal', 'external')),
    certificate BLOB NOT NULL, is_active INTEGER NOT NULL, created_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX one_active_key ON signing_key (kind) WHERE is_active = 1;
CREATE TABLE history (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, event TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history BEGIN SELECT raise(ABORT, 'history is append-only'); END;
