-- Index of the message log of one security server. The journals hold the messages; this says where, and holds the timestamps.
CREATE TABLE IF NOT EXISTS log_timestamp (
    number INTEGER PRIMARY KEY,
    token BLOB NOT NULL,               -- RFC 3161 TimeStampToken, DER
    hash_chain_result BLOB,            -- ts-hashchainresult.xml of a batch
    gen_time_ms INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS log_record (
    number INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    x_request_id TEXT,
    side TEXT NOT NULL,
    is_response INTEGER NOT NULL,
    client TEXT NOT NULL,              -- percent-encoded parts joined by /
    service_client TEXT NOT NULL,
    service_code TEXT NOT NULL,
    service_version TEXT,
    user_id TEXT,
    issue TEXT,
    worker INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL,         -- byte offset of the frame
    length INTEGER NOT NULL,
    signature_hash BLOB NOT NULL,      -- SHA-512 of signatures.xml
    log_timestamp INTEGER REFERENCES log_timestamp (number)
);

CREATE INDEX IF NOT EXISTS log_record_time ON log_record (time_ms, number);
CREATE INDEX IF NOT EXISTS log_record_message ON log_record (message_id);
CREATE INDEX IF NOT EXISTS log_record_client ON log_record (client, time_ms, number);
CREATE INDEX IF NOT EXISTS log_record_service ON log_record (service_client, service_code, time_ms, number);
CREATE INDEX IF NOT EXISTS log_record_user ON log_record (user_id, time_ms, number) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS log_record_issue ON log_record (issue, time_ms, number) WHERE issue IS NOT NULL;
CREATE INDEX IF NOT EXISTS log_record_pending ON log_record (number) WHERE log_timestamp IS NULL;

CREATE TABLE IF NOT EXISTS log_hash_chain (
    record INTEGER PRIMARY KEY REFERENCES log_record (number),
    hash_chain BLOB NOT NULL           -- ts-hashchain.xml of this record
);

-- How far each worker's journal is indexed; moves in the transaction that adds the rows.
CREATE TABLE IF NOT EXISTS log_checkpoint (
    worker INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS log_damage (
    worker INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    start_position INTEGER NOT NULL,
    end_position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (worker, segment, start_position)
);
