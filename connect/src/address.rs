//! A database URL, read: `postgres://user:password@host:port/database?options`, or libpq's
//! `host=… dbname=…`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::error::{ConnectError, Refusal};

/// Where to connect, and how far to trust what answers.
#[derive(Debug)]
pub struct Address {
    /// All that is not about certificates.
    pub config: Config,
    /// The rest.
    pub(crate) tls: Tls,
}

/// What is said about TLS.
#[derive(Debug)]
pub(crate) struct Tls {
    /// How much of the certificate is judged.
    pub(crate) trust: Trust,
    /// Who may have signed it: a file, or the operating system's list where none.
    pub(crate) roots: Option<PathBuf>,
    /// Our own certificate and its key.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
}

/// How much of the server's certificate is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Nothing: the connection is only encrypted.
    Anyone,
    /// Who signed it.
    Signed,
    /// Who signed it, and that it is of this host.
    Host,
}

/// Options of the URL by name.
type Options = BTreeMap<String, String>;

/// What the environment fills in where the URL says nothing.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("application_name", "PGAPPNAME"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("dbname", "PGDATABASE"),
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("options", "PGOPTIONS"),
    ("password", "PGPASSWORD"),
    ("port", "PGPORT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("user", "PGUSER"),
];

/// Options that change nothing here: those of libpq that need no doing, and those that the pools
/// and ORMs behind which such URLs are handed around have for themselves.
const NO_MATTER: &[&str] = &[
    "client_encoding",
    "connection_limit",
    "fallback_application_name",
    "gssencmode",
    "pgbouncer",
    "pool_timeout",
    "requirepeer",
    "schema",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "statement_cache_size",
    "supa",
    "uselibpqcompat",
];

/// Where a server of this machine listens if it listens at no port.
const SOCKETS: &[&str] = &["/var/run/postgresql", "/tmp"];

impl Address {
    /// Reads a URL; `env` looks a variable up, for what the URL leaves out.
    ///
    /// # Errors
    /// [`Refusal::Url`](super::Refusal::Url), without what may be a secret.
    pub fn parse(url: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConnectError> {
        let url = url.trim();
        let given = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme));
        let read = match given {
            Some(rest) => of_url(rest),
            None => of_words(url),
        };
        let mut options = read.map_err(malformed)?;
        for (option, variable) in ENVIRONMENT {
            if let (false, Some(value)) = (options.contains_key(*option), env(variable)) {
                options.insert((*option).to_owned(), value);
            }
        }
        options.retain(|name, value| !value.is_empty() && !NO_MATTER.contains(&name.as_str()));
        let (tls, mode) = take_tls(&mut options, env).map_err(malformed)?;
        if !options.contains_key("host") && !options.contains_key("hostaddr") {
            options.insert("host".to_owned(), usual_host(&options));
        }
        let mut config = Config::from_str(&words(&options)).map_err(|error| {
            // Its text names the option, never the value.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            malformed(cause.unwrap_or_else(|| error.to_string()))
        })?;
        // Sockets are of this machine: libpq asks for no TLS on them either.
        let sockets = |host: &Host| !matches!(host, Host::Tcp(_));
        let local = config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(sockets);
        config.ssl_mode(if local { SslMode::Disable } else { mode });
        Ok(Self { config, tls })
    }

    /// `host:port`, for people.
    pub fn server(&self) -> String {
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) if host.contains(':') => format!("[{host}]:{port}"),
            Some(Host::Tcp(host)) => format!("{host}:{port}"),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => format!("{}/.s.PGSQL.{port}", folder.display()),
            None => match self.config.get_hostaddrs().first() {
                Some(address) => format!("{address}:{port}"),
                None => format!("port {port}"),
            },
        }
    }

    /// The role, for people.
    pub fn user(&self) -> &str {
        self.config.get_user().unwrap_or("(your system user)")
    }

    /// The database, for people.
    pub fn database(&self) -> &str {
        (self.config.get_dbname()).unwrap_or_else(|| self.user())
    }
}

fn malformed(what: impl Into<String>) -> ConnectError {
    ConnectError::new(
        Refusal::Url,
        format!("the database URL cannot be read: {}", what.into()),
        "write postgres://user:password@host:5432/database?sslmode=require, with %2F for `/`, %40 \
         for `@`, %3F for `?` and %25 for `%` inside of user and password",
    )
}

/// `user:password@host:port,host:port/database?name=value&…`
fn of_url(rest: &str) -> Result<Options, String> {
    let mut options = Options::new();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let (mut names, mut ports) = (Vec::new(), Vec::new());
    for host in hosts.split(',').filter(|it| !it.is_empty()) {
        let (name, port) = match host.strip_prefix('[').and_then(|it| it.split_once(']')) {
            Some((name, port)) => (name, port.strip_prefix(':').unwrap_or(port)),
            None => host.split_once(':').unwrap_or((host, "")),
        };
        if !port.bytes().all(|b| b.is_ascii_digit()) {
            // It may be the end of a password with an `@` or `/` in it: not shown.
            return Err("what stands after the host's `:` is no port".to_owned());
        }
        names.push(unescape(name)?);
        ports.push(if port.is_empty() { "5432" } else { port });
    }
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            options.insert(name.to_owned(), value);
        }
    };
    put("user", unescape(user)?);
    put("password", unescape(password)?);
    put("dbname", unescape(database)?);
    put("host", names.join(","));
    if hosts.contains(':') {
        put("port", ports.join(","));
    }
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (unescape(name)?, unescape(value)?);
        match name.as_str() {
            // Of JDBC and of older Heroku URLs.
            "ssl" if value == "true" => put("sslmode", "require".to_owned()),
            "ssl" => {}
            _ => put(&name, value),
        }
    }
    Ok(options)
}

/// `name=value name = 'a value'`
fn of_words(text: &str) -> Result<Options, String> {
    let mut options = Options::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else {
            return Err(
                "it begins with neither postgres:// nor postgresql://, and is not made of \
                        name=value either"
                    .to_owned(),
            );
        };
        let (value, after) = word(after.trim_start())?;
        options.insert(name.trim().to_owned(), value);
        rest = after.trim_start();
    }
    Ok(options)
}

/// A value in or without quotes, and what follows it.
fn word(text: &str) -> Result<(String, &str), String> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            c if !quoted && c.is_whitespace() => return Ok((value, &text[at..])),
            c => value.push(c),
        }
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    Ok((value, ""))
}

/// Options as [`of_words`] reads them.
fn words(options: &Options) -> String {
    let mut out = String::new();
    for (name, value) in options {
        out.push_str(name);
        out.push_str("='");
        for c in value.chars() {
            if matches!(c, '\'' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        out.push_str("' ");
    }
    out
}

/// `%2F` is `/`.
fn unescape(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|it| char::from(it).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err("a `%` is not followed by two hexadecimal digits".to_owned());
        };
        bytes.extend(u8::try_from(high * 16 + low));
    }
    String::from_utf8(bytes).map_err(|_| "its escapes are not UTF-8".to_owned())
}

fn usual_host(options: &Options) -> String {
    let port = options.get("port").map_or("5432", String::as_str);
    let socket = |folder: &&&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    (SOCKETS.iter().find(socket)).map_or_else(|| "localhost".to_owned(), |it| (*it).to_owned())
}

/// Takes out what is about TLS.
fn take_tls(
    options: &mut Options,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<(Tls, SslMode), String> {
    let mut roots = options.remove("sslrootcert");
    let mode = options.remove("sslmode");
    let home = env("HOME").map(|home| PathBuf::from(home).join(".postgresql/root.crt"));
    let system = roots.as_deref() == Some("system");
    if system {
        roots = None;
    }
    let roots = (roots.map(PathBuf::from)).or(home.filter(|it| !system && it.exists()));
    let mode = mode.unwrap_or_else(|| (if system { "verify-full" } else { "prefer" }).to_owned());
    let (trust, negotiation) = match mode.as_str() {
        "disable" => (Trust::Anyone, SslMode::Disable),
        "allow" | "prefer" => (Trust::Anyone, SslMode::Prefer),
        // As in libpq, whoever has a root certificate lying there wants it used.
        "require" if roots.is_some() => (Trust::Signed, SslMode::Require),
        "require" => (Trust::Anyone, SslMode::Require),
        "verify-ca" => (Trust::Signed, SslMode::Require),
        "verify-full" => (Trust::Host, SslMode::Require),
        // Of node-postgres.
        "no-verify" => (Trust::Anyone, SslMode::Require),
        _ => {
            return Err(
                "sslmode is not one of disable, allow, prefer, require, verify-ca and verify-full"
                    .to_owned(),
            );
        }
    };
    if system && trust != Trust::Host {
        return Err(format!(
            "sslrootcert=system trusts any certificate authority, which sslmode={mode} makes \
             worthless: use sslmode=verify-full"
        ));
    }
    let identity = match (options.remove("sslcert"), options.remove("sslkey")) {
        (Some(cert), Some(key)) => Some((cert.into(), key.into())),
        (None, None) => None,
        _ => return Err("sslcert and sslkey are only of use together".to_owned()),
    };
    let tls = Tls {
        trust,
        roots,
        identity,
    };
    Ok((tls, negotiation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Address {
        let env = |name: &str| (name == "PGPASSWORD").then(|| "from env".to_owned());
        Address::parse(url, &env).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn urls_and_words_say_the_same() {
        for (url, server, user, database, password) in [
            (
                "postgres://u%40x:p%2F%25@h.example/d%20b",
                "h.example:5432",
                "u@x",
                "d b",
                "p/%",
            ),
            (
                "postgresql://u@[::1]:6543",
                "[::1]:6543",
                "u",
                "u",
                "from env",
            ),
            ("postgres://u:p@one,two:2/d", "one:5432", "u", "d", "p"),
            (
                "postgres://u:p@/d?host=/run/x&port=7",
                "/run/x/.s.PGSQL.7",
                "u",
                "d",
                "p",
            ),
            (
                "postgres://u:p@%2Frun%2Fx/d",
                "/run/x/.s.PGSQL.5432",
                "u",
                "d",
                "p",
            ),
            (
                r"host=h user = 'a b' password='it\'s \\' dbname=d",
                "h:5432",
                "a b",
                "d",
                r"it's \",
            ),
            (
                "postgres://u:p@h/d?pgbouncer=true&schema=x",
                "h:5432",
                "u",
                "d",
                "p",
            ),
            ("postgres://u:p@q@h/d", "h:5432", "u", "d", "p@q"),
        ] {
            let address = read(url);
            assert_eq!(address.server(), server, "{url}");
            assert_eq!(address.user(), user, "{url}");
            assert_eq!(address.database(), database, "{url}");
            let found = address.config.get_password();
            assert_eq!(found, Some(password.as_bytes()), "{url}");
        }
    }

    #[test]
    fn trust_follows_sslmode_and_roots() {
        for (options, trust, mode) in [
            ("", Trust::Anyone, SslMode::Prefer),
            ("sslmode=disable", Trust::Anyone, SslMode::Disable),
            ("sslmode=allow", Trust::Anyone, SslMode::Prefer),
            ("ssl=true", Trust::Anyone, SslMode::Require),
            ("sslmode=require", Trust::Anyone, SslMode::Require),
            (
                "sslmode=require&sslrootcert=/r",
                Trust::Signed,
                SslMode::Require,
            ),
            ("sslmode=verify-ca", Trust::Signed, SslMode::Require),
            ("sslmode=verify-full", Trust::Host, SslMode::Require),
            ("sslrootcert=system", Trust::Host, SslMode::Require),
        ] {
            let address = read(&format!("postgres://u@h/d?{options}"));
            assert_eq!(address.tls.trust, trust, "{options}");
            assert_eq!(address.config.get_ssl_mode(), mode, "{options}");
        }
        // Nobody listens in on a socket of this machine.
        let socket = read("postgres://u@/d?host=/run/x&sslmode=verify-full");
        assert_eq!(socket.config.get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn what_cannot_be_read_is_said_without_the_secret() {
        for url in [
            "postgres://u:s3cret%@h/d",
            "postgres://u:s3cret/@h/d",
            "postgres://u@h:s3cret/d",
            "postgres://u:s3cret@h/d?sslmode=on",
            "postgres://u:s3cret@h/d?port=s3cret",
            "host=h password='s3cret",
            "s3cret",
            "",
        ] {
            let Err(error) = Address::parse(url, &|_| None) else {
                assert_eq!(url, "", "{url} is read");
                continue;
            };
            assert_eq!(error.refusal, Refusal::Url);
            assert!(!format!("{error:?}{error}").contains("s3cret"), "{error}");
        }
    }
}
