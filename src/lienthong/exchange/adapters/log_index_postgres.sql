-- Index of the message log of one security server in PostgreSQL. The journals hold the messages; this says where, and holds the timestamps.
-- A schema of its own: the same database may also hold a log of record.
CREATE SCHEMA IF NOT EXISTS journal_index;
SET search_path TO journal_index;
SET statement_timeout TO '60s';        -- a query that hangs must not hold up the cycles of the server

-- Whose journals these are: rows of two servers would hide each other's.
CREATE TABLE IF NOT EXISTS log_owner (
    number integer PRIMARY KEY DEFAULT 1 CHECK (number = 1),
    server text NOT NULL
);

CREATE TABLE IF NOT EXISTS log_timestamp (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token bytea NOT NULL,              -- RFC 3161 TimeStampToken, DER
    hash_chain_result bytea,           -- ts-hashchainresult.xml of a batch
    gen_time_ms bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS log_record (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
    worker integer NOT NULL,
    segment bigint NOT NULL,
    position bigint NOT NULL,          -- byte offset of the frame
    length bigint NOT NULL,
    signature_hash bytea NOT NULL,     -- SHA-512 of signatures.xml
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

-- How far each worker's journal is indexed; moves in the transaction that adds the rows.
CREATE TABLE IF NOT EXISTS log_checkpoint (
    worker integer PRIMARY KEY,
    segment bigint NOT NULL,
    position bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS log_damage (
    worker integer NOT NULL,
    segment bigint NOT NULL,
    start_position bigint NOT NULL,
    end_position bigint NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (worker, segment, start_position)
);
