-- The message log of one security server in PostgreSQL: messages, index and timestamps in one place.
CREATE SEQUENCE IF NOT EXISTS log_record_number;

CREATE TABLE IF NOT EXISTS log_timestamp (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token bytea NOT NULL,              -- RFC 3161 TimeStampToken, DER
    hash_chain_result bytea,           -- ts-hashchainresult.xml of a batch
    gen_time_ms bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS log_record (
    number bigint PRIMARY KEY,         -- from log_record_number, in blocks per writer
    time_ms bigint NOT NULL,
    message_id text NOT NULL,
    x_request_id text,
    side text NOT NULL,
    is_response boolean NOT NULL,
    client text NOT NULL,              -- percent-encoded parts joined by /
    service_client text NOT NULL,
    service_code text NOT NULL,
    service_version text,
    user_id text,
    issue text,
    signature_hash bytea NOT NULL,     -- SHA-512 of signatures.xml
    fields bytea NOT NULL,             -- the record as the journal encodes it
    evidence bytea NOT NULL,           -- signature and hash chain result, likewise
    body bytea,                        -- a small body; a large one lies in log_body
    has_parts boolean NOT NULL,        -- whether the body lies in log_body
    log_timestamp bigint REFERENCES log_timestamp (number)
);

CREATE INDEX IF NOT EXISTS log_record_time ON log_record (time_ms, number);
CREATE INDEX IF NOT EXISTS log_record_message ON log_record (message_id);
CREATE INDEX IF NOT EXISTS log_record_client ON log_record (client, time_ms, number);
CREATE INDEX IF NOT EXISTS log_record_service ON log_record (service_client, service_code, time_ms, number);
CREATE INDEX IF NOT EXISTS log_record_user ON log_record (user_id, time_ms, number) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS log_record_issue ON log_record (issue, time_ms, number) WHERE issue IS NOT NULL;
CREATE INDEX IF NOT EXISTS log_record_pending ON log_record (number) WHERE log_timestamp IS NULL;

CREATE TABLE IF NOT EXISTS log_hash_chain (
    record bigint PRIMARY KEY REFERENCES log_record (number),
    hash_chain bytea NOT NULL          -- ts-hashchain.xml of this record
);

CREATE TABLE IF NOT EXISTS log_body (
    record bigint NOT NULL,            -- written before its record; without one it was never acknowledged
    part integer NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (record, part)
);
