//! The example app's server as those see it who run it: probes, metrics, logs, TLS, shutdown, and what the docs say of it.

mod browsers;
mod dashboard;
mod document;
mod health;
mod manual;
mod metrics;
mod requests;
mod shutdown;
mod stand;
mod tls;
