-- Made by Syncline from syncline.toml. Do not edit.

-- For those who run the server themselves. Managed hosts refuse ALTER SYSTEM and have switches of their own
-- (rds.logical_replication, cloudsql.logical_decoding, wal_level in the parameters of Azure).
-- Run it once as a superuser, not in a transaction, and restart the server.

SET lock_timeout = '5s';
SET statement_timeout = '60s';

-- Logical replication reads the write-ahead log, which must hold enough for it.
ALTER SYSTEM SET wal_level = 'logical';

-- One sender and one slot for the PowerSync Service, a second while it replicates again after a change of its config;
-- the rest is for backups and standbys. Leave these out where yours are higher.
ALTER SYSTEM SET max_wal_senders = 10;
ALTER SYSTEM SET max_replication_slots = 10;

-- A service that is down keeps its slot, and the slot keeps the log: without a limit, until the disk is full. Past the
-- limit the slot is lost and the service replicates everything again.
ALTER SYSTEM SET max_slot_wal_keep_size = '10GB';
