//! What is measured, in the form that Prometheus reads.
//!
//! The recorder is one a process, and optional: an app that mounts the routes itself may have a
//! recorder of its own, which then gets the same metrics by crate `metrics`.

mod names;
mod tally;
mod watch;

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::app::App;
pub(crate) use names::*;
pub(crate) use tally::Tally;
pub(crate) use watch::{forever, pool};

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Upper bounds in seconds: from an answer out of memory to a statement that times out.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Begins to record, and names everything that counts from zero, so that a rate over it has a
/// beginning.
pub(crate) fn install(app: &App) {
    if RECORDER.get().is_none() {
        let builder = PrometheusBuilder::new();
        let suffix = Matcher::Suffix("_seconds".to_owned());
        // The one error is an empty list of bounds.
        let Ok(builder) = builder.set_buckets_for_metric(suffix, SECONDS) else {
            return;
        };
        let Ok(handle) = builder.install_recorder() else {
            tracing::debug!("another recorder of metrics is there already");
            return;
        };
        // Only the first of two servers in a process comes here.
        let _ = RECORDER.set(handle);
    }
    for metric in METRICS {
        metric.describe();
    }
    for verdict in ["applied", "duplicate", "rejected"] {
        metrics::counter!(TRANSACTIONS, "verdict" => verdict).increment(0);
    }
    for counter in [RETRIES, REWOUND_CLIENTS, LOST_CONNECTIONS] {
        metrics::counter!(counter).increment(0);
    }
    metrics::gauge!(REQUESTS_UNDER_WAY).set(0.0);
    metrics::gauge!(
        BUILD,
        "app" => app.name,
        "schema_version" => app.schema_version,
        "version" => env!("CARGO_PKG_VERSION"),
    )
    .set(1.0);
}

/// All metrics as text; none where nothing is recorded here.
pub(crate) fn render() -> Option<String> {
    let recorder = RECORDER.get()?;
    recorder.run_upkeep();
    Some(recorder.render())
}

/// Folds what was recorded, so that an unread histogram does not grow.
pub(crate) fn upkeep() {
    if let Some(recorder) = RECORDER.get() {
        recorder.run_upkeep();
    }
}
