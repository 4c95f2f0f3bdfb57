//! The log, and with feature `otel` the traces that go to a collector.

use std::io::IsTerminal;

use axum::http::HeaderMap;
use tracing::Span;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::{Config, Log};

#[cfg(feature = "otel")]
mod otel;

/// Sends what is left when it is dropped at the end of the process.
#[derive(Debug, Default)]
pub(crate) struct Tracing {
    #[cfg(feature = "otel")]
    _exporter: Option<otel::Exporter>,
}

type Any = Box<dyn Layer<Registry> + Send + Sync>;

/// Begins to log by the configuration, and to export where the environment names a collector.
///
/// # Errors
///
/// A line for what is wrong with either.
pub(crate) fn install(config: &Config) -> Result<Tracing, Vec<String>> {
    let filter = || {
        EnvFilter::try_new(&config.log)
            .map_err(|_| vec!["SYNCLINE_LOG is no level and no filter".to_owned()])
    };
    let log = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let log: Any = match config.log_format {
        Log::Text => log.with_filter(filter()?).boxed(),
        Log::Json => log
            .json()
            .flatten_event(true)
            .with_filter(filter()?)
            .boxed(),
    };
    #[cfg(feature = "otel")]
    let (tracing, layers) = match otel::exporter().map_err(|why| vec![why])? {
        Some((exporter, layer)) => {
            let tracing = Tracing {
                _exporter: Some(exporter),
            };
            (tracing, vec![log, layer.with_filter(filter()?).boxed()])
        }
        None => (Tracing::default(), vec![log]),
    };
    #[cfg(not(feature = "otel"))]
    let (tracing, layers) = (Tracing::default(), vec![log]);
    // A second server in one process logs as the first does.
    let set = tracing_subscriber::registry().with(layers).try_init();
    drop(set);
    #[cfg(not(feature = "otel"))]
    if std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some_and(|it| !it.is_empty()) {
        tracing::warn!(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and this server is built without its feature otel"
        );
    }
    Ok(tracing)
}

/// Makes a request's span the child of its caller's, where the headers name that.
#[cfg_attr(
    not(feature = "otel"),
    expect(unused_variables, reason = "only traces have parents")
)]
pub(crate) fn adopt(span: &Span, headers: &HeaderMap) {
    #[cfg(feature = "otel")]
    otel::adopt(span, headers);
}
