//! Listens, and stops in good order.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::util::MapRequest;

use super::{Server, metrics_router, router, tls};
use crate::config::Config;

/// The address that a request's connection comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// How a process is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// By whom a balancer may still send requests for: readiness turns first.
    Announced,
    /// By someone who waits for it.
    AtOnce,
}

/// Serves until `stop`. Then readiness turns, later no more is taken, and what is under way ends.
pub(crate) async fn serve(
    server: Arc<Server>,
    config: &Config,
    mut stop: impl AsyncFnMut() -> Stop,
) -> io::Result<()> {
    let tls = tls::acceptor(config).map_err(io::Error::other)?;
    let listener = TcpListener::bind(config.listen).await?;
    let metrics = match config.listen_metrics.0 {
        Some(address) => {
            let listener = TcpListener::bind(address).await?;
            tracing::info!("metrics are at {}", listener.local_addr()?);
            let routes = metrics_router(server.clone());
            Some(tokio::spawn(async { axum::serve(listener, routes).await }))
        }
        None => None,
    };
    tracing::info!("listening on {}", listener.local_addr()?);
    let front = Front::new(router(server.clone()), tls, config);
    let asked = tokio::select! {
        asked = stop() => asked,
        never = front.take(&listener) => match never {},
    };
    server.readiness.stop();
    if asked == Stop::Announced && !config.shutdown_delay.0.is_zero() {
        tracing::info!("stopping: no longer ready, still taking requests");
        tokio::select! {
            () = sleep(config.shutdown_delay.0) => {}
            _ = stop() => {}
            never = front.take(&listener) => match never {},
        }
    }
    drop(listener);
    tracing::info!("stopping: waiting for what is under way");
    front.end(config.shutdown_timeout.0).await;
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    Ok(())
}

/// Nothing ever is one.
enum Never {}

/// What takes connections and answers on them.
struct Front {
    router: Router,
    tls: Option<TlsAcceptor>,
    http: Arc<auto::Builder<TokioExecutor>>,
    handshake: Duration,
    graceful: GracefulShutdown,
    room: Arc<Semaphore>,
}

impl Front {
    fn new(router: Router, tls: Option<TlsAcceptor>, config: &Config) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(config.header_timeout.0)
            .max_headers(64);
        http.http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(64)
            .keep_alive_interval(Duration::from_secs(20));
        Self {
            router,
            tls,
            http: Arc::new(http),
            handshake: config.header_timeout.0,
            graceful: GracefulShutdown::new(),
            room: Arc::new(Semaphore::new(config.max_connections)),
        }
    }

    /// Takes connections for as long as it is polled.
    async fn take(&self, listener: &TcpListener) -> Never {
        loop {
            // The semaphore is never closed.
            let Ok(permit) = self.room.clone().acquire_owned().await else {
                continue;
            };
            match listener.accept().await {
                Ok((stream, peer)) => self.begin(stream, Peer(peer.ip()), permit),
                Err(why) => {
                    // Out of file descriptors, most likely: they come back as connections end.
                    tracing::warn!(%why, "a connection could not be taken");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Answers on a connection, beside the others.
    fn begin(&self, stream: TcpStream, peer: Peer, permit: OwnedSemaphorePermit) {
        // Answers are short: waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let (http, router) = (self.http.clone(), self.router.clone());
        let watcher = self.graceful.watcher();
        let (tls, patience) = (self.tls.clone(), self.handshake);
        tokio::spawn(async move {
            match tls {
                None => answer(http, router, peer, watcher, stream).await,
                Some(tls) => match timeout(patience, tls.accept(stream)).await {
                    Ok(Ok(stream)) => answer(http, router, peer, watcher, stream).await,
                    Ok(Err(why)) => tracing::debug!(%why, "no TLS came about"),
                    Err(_) => tracing::debug!("no TLS came about in time"),
                },
            }
            drop(permit);
        });
    }

    /// Waits until what is under way has ended, as long as there is patience.
    async fn end(self, patience: Duration) {
        if timeout(patience, self.graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests did not end in time; their devices will send them again");
        }
    }
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    http: Arc<auto::Builder<TokioExecutor>>,
    router: Router,
    peer: Peer,
    watcher: Watcher,
    stream: S,
) {
    let service = MapRequest::new(router, move |mut request: Request<_>| {
        request.extensions_mut().insert(peer);
        request
    });
    let service = TowerToHyperService::new(service);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    if let Err(why) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(%why, "a connection broke off");
    }
}
