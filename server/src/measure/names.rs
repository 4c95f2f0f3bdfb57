//! The metrics: one table, which the docs and the dashboard are held to.

/// Of which kind a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only goes up.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How many were how large.
    Histogram,
}

/// A metric.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) doc: &'static str,
}

impl Metric {
    /// Says what it is where metrics are read.
    pub(crate) fn describe(&self) {
        match self.kind {
            Kind::Counter => metrics::describe_counter!(self.name, self.doc),
            Kind::Gauge => metrics::describe_gauge!(self.name, self.doc),
            Kind::Histogram => metrics::describe_histogram!(self.name, self.doc),
        }
    }
}

/// Makes a constant for each name, and the table of them all.
macro_rules! metrics_table {
    ($($(#[doc = $doc:literal])+ $constant:ident $kind:ident $name:literal;)*) => {
        $($(#[doc = $doc])+ pub(crate) const $constant: &str = $name;)*

        /// Every metric.
        pub(crate) const METRICS: &[Metric] = &[$(Metric {
            name: $name,
            kind: Kind::$kind,
            doc: concat!($($doc),+).trim_ascii(),
        }),*];
    };
}

metrics_table! {
    /// Requests, by method, route and status.
    REQUESTS Counter "syncline_requests_total";
    /// How long requests took, by route, in seconds.
    REQUEST_SECONDS Histogram "syncline_request_seconds";
    /// Requests that are not answered yet.
    REQUESTS_UNDER_WAY Gauge "syncline_requests_under_way";
    /// Client transactions that have a verdict, by verdict.
    TRANSACTIONS Counter "syncline_transactions_total";
    /// Ops of client transactions that have a verdict, by table, op and verdict.
    OPS Counter "syncline_ops_total";
    /// Client transactions that became dead letters, by code.
    REJECTIONS Counter "syncline_rejections_total";
    /// Uploads whose device was told to send the rest again.
    RETRIES Counter "syncline_retries_total";
    /// Clients whose op ids went back, as those of a restored device do.
    REWOUND_CLIENTS Counter "syncline_rewound_clients_total";
    /// Ops that named another owner, and got the token's, by table.
    FOREIGN_OWNERS Counter "syncline_foreign_owners_total";
    /// How long uploads waited for a connection to PostgreSQL, in seconds.
    POOL_WAIT_SECONDS Histogram "syncline_pool_wait_seconds";
    /// Connections to PostgreSQL, by state: used, idle, and the most there may be.
    POOL_CONNECTIONS Gauge "syncline_pool_connections";
    /// Uploads that wait for a connection to PostgreSQL.
    POOL_WAITING Gauge "syncline_pool_waiting";
    /// Connections to PostgreSQL that could not be had.
    LOST_CONNECTIONS Counter "syncline_lost_connections_total";
    /// Whether PostgreSQL answered when it was last asked: 1 or 0.
    DATABASE_UP Gauge "syncline_database_up";
    /// Dead letters that nobody has settled.
    DEAD_LETTERS Gauge "syncline_dead_letters";
    /// The age of the oldest of them, in seconds; 0 without any.
    DEAD_LETTERS_AGE Gauge "syncline_dead_letters_oldest_seconds";
    /// How much write-ahead log a replication slot keeps PostgreSQL from removing, in bytes, by slot.
    SLOT_LAG Gauge "syncline_replication_slot_lag_bytes";
    /// Whether somebody reads from a replication slot: 1 or 0, by slot.
    SLOT_ACTIVE Gauge "syncline_replication_slot_active";
    /// Always 1: which app, schema version and server version this is.
    BUILD Gauge "syncline_build_info";
}
