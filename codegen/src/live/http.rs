//! Asks a web server something, with a limit on the time and the size of the answer.
//!
//! By ureq: plain calls without a runtime, over the rustls and ring that connections to
//! PostgreSQL use, with the authorities of the operating system.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

/// The largest answer that is read, in bytes.
pub const LIMIT: u64 = 1 << 20;

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The server's clock, in seconds since 1970, where it tells it.
    pub date: Option<i64>,
    /// The body.
    pub body: Vec<u8>,
}

/// No answer. Never holds an address' password, a token or what the server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The address is not one.
    Address,
    /// No answer in this time.
    Timeout(Duration),
    /// More than [`LIMIT`] bytes.
    TooLarge,
    /// There is no such host.
    HostUnknown,
    /// Anything else.
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("the address is not one of the form https://host/path"),
            Self::Timeout(time) => write!(f, "no answer within {} s", time.as_secs_f32()),
            Self::TooLarge => f.write_str("the answer has more than 1 MB"),
            Self::HostUnknown => f.write_str("there is no such host"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}

/// Asks with GET.
///
/// # Errors
/// See [`Failure`]; an answer with any status is none.
pub fn get(url: &str, timeout: Duration) -> Result<Answer, Failure> {
    let agent = agent(timeout, 3);
    answer(agent.get(url).call(), timeout)
}

/// Asks with POST, as the bearer of a token, in JSON. Follows no redirect: the token is for this
/// server.
///
/// # Errors
/// See [`Failure`]; an answer with any status is none.
pub fn post(url: &str, bearer: &str, body: &str, timeout: Duration) -> Result<Answer, Failure> {
    let request = agent(timeout, 0)
        .post(url)
        .header("authorization", format!("Bearer {bearer}"))
        .header("content-type", "application/json");
    answer(request.send(body), timeout)
}

/// The address without the password in it, if any.
pub fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.split(['?', '#']).next().unwrap_or_default().to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

fn agent(timeout: Duration, redirects: u32) -> Agent {
    let native = rustls_native_certs::load_native_certs().certs;
    let roots = native.iter().map(|it| Certificate::from_der(it).to_owned());
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::from(roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    Agent::config_builder()
        .timeout_global(Some(timeout))
        .http_status_as_error(false)
        .max_redirects(redirects)
        .max_redirects_will_error(false)
        .user_agent("syncline")
        .tls_config(tls)
        .build()
        .into()
}

fn answer(
    said: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    timeout: Duration,
) -> Result<Answer, Failure> {
    let mut said = said.map_err(|error| failure(&error, timeout))?;
    let date = said.headers().get("date");
    let date = date.and_then(|it| it.to_str().ok()).and_then(seconds);
    let body = said.body_mut().with_config().limit(LIMIT).read_to_vec();
    Ok(Answer {
        status: said.status().as_u16(),
        date,
        body: body.map_err(|error| failure(&error, timeout))?,
    })
}

fn failure(error: &ureq::Error, timeout: Duration) -> Failure {
    match error {
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Failure::Address,
        ureq::Error::Timeout(_) => Failure::Timeout(timeout),
        ureq::Error::BodyExceedsLimit(_) => Failure::TooLarge,
        ureq::Error::HostNotFound => Failure::HostUnknown,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Failure::Other("nothing listens there".to_owned())
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            Failure::Timeout(timeout)
        }
        ureq::Error::Protocol(_) => {
            Failure::Other("what answers there is no web server".to_owned())
        }
        other => Failure::Other(other.to_string()),
    }
}

/// The seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds(date: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = date.split_ascii_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = words.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|it| it == month)?;
    let (day, year): (i64, i64) = (day.parse().ok()?, year.parse().ok()?);
    let parts: Vec<i64> = time.split(':').filter_map(|it| it.parse().ok()).collect();
    let [hour, minute, second] = parts.as_slice() else {
        return None;
    };
    if !(1970..=9999).contains(&year) {
        return None;
    }
    // Years begin in March, so that the day that comes and goes is the last one.
    let month = i64::try_from(month).ok()?;
    let (year, month) = if month < 2 {
        (year - 1, month + 10)
    } else {
        (year, month - 2)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day - 1;
    Some((days - 719_468) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::{seconds, shown};

    #[test]
    fn dates_are_read() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(
            seconds("Thu, 29 Feb 2024 00:00:00 GMT"),
            Some(1_709_164_800)
        );
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(shown("https://a:b@c.d/e?f=g"), "https://c.d/e");
    }
}
