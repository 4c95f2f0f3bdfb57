//! Traces for a collector, over OTLP and HTTP, as OpenTelemetry's own variables say.

use axum::http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, Registry};

/// The variables that name a collector; without one of them nothing is exported.
const ENDPOINTS: &[&str] = &[
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
];

/// The service's name where OTEL_SERVICE_NAME has none.
const NAME: &str = "syncline-server";

/// What exports; the rest goes out when it is dropped.
#[derive(Debug)]
pub(super) struct Exporter(SdkTracerProvider);

impl Drop for Exporter {
    fn drop(&mut self) {
        if let Err(why) = self.0.shutdown() {
            tracing::warn!(%why, "the last traces were not exported");
        }
    }
}

/// An exporter and the layer that feeds it, where the environment names a collector.
pub(super) fn exporter() -> Result<Option<(Exporter, impl Layer<Registry> + Send + Sync)>, String> {
    let named = |name: &&str| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    if !ENDPOINTS.iter().any(named) {
        return Ok(None);
    }
    let spans = SpanExporter::builder().with_http().build();
    let spans = spans.map_err(|why| format!("OTEL_EXPORTER_OTLP_ENDPOINT: {why}"))?;
    let resource = Resource::builder();
    let resource = match std::env::var_os("OTEL_SERVICE_NAME") {
        Some(_) => resource,
        None => resource.with_service_name(NAME),
    };
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(spans)
        .with_resource(resource.build())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer(NAME));
    Ok(Some((Exporter(provider), layer)))
}

/// The caller's place in its own trace, by the headers that W3C names.
pub(super) fn adopt(span: &Span, headers: &HeaderMap) {
    let parent = TraceContextPropagator::new().extract(&Headers(headers));
    // Without an exporter there is nothing to be a child of.
    let _ = span.set_parent(parent);
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|it| it.as_str()).collect()
    }
}
