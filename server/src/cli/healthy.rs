//! `healthy`: asks the server of this configuration how it is, for images without a web client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Done;
use crate::config::Config;

/// A server that takes longer than this is not well.
const PATIENCE: Duration = Duration::from_secs(3);

const REQUEST: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

pub(super) async fn run(config: &Config) -> Done {
    let asked = timeout(PATIENCE, ask(config)).await;
    let asked = asked.map_err(|_| vec!["the server does not answer in time".to_owned()])?;
    asked.map_err(|why| vec![why])
}

async fn ask(config: &Config) -> Result<(), String> {
    let metrics = config.listen_metrics.0;
    let address = reachable(metrics.unwrap_or(config.listen));
    let wrong = |why: std::io::Error| format!("{address}: {why}");
    let mut stream = TcpStream::connect(address).await.map_err(wrong)?;
    if metrics.is_none() && config.tls_cert.0.is_some() {
        // Who listens behind TLS is alive; its certificate is for another name than localhost.
        return Ok(());
    }
    stream.write_all(REQUEST).await.map_err(wrong)?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.map_err(wrong)?;
    match &status {
        b"HTTP/1.1 200" => Ok(()),
        _ => Err(format!("{address} does not answer that it is well")),
    }
}

/// Who listens on all addresses is asked on this machine's own.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
