//! TLS, against a PostgreSQL with certificates of its own.

use std::fs;
use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use syncline_codegen::live::{Refusal, block_on, connect};
use testkit::postgres::Second;

/// A certificate authority.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

/// Certificate and key for a name, signed by an authority.
fn signed(name: &str, by: &CertifiedIssuer<'_, KeyPair>, until: i32) -> (String, String) {
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    params.not_after = date_time_ymd(until, 1, 1);
    let common = rcgen::DnType::CommonName;
    params.distinguished_name.push(common, name);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, by).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

/// Certificate and key that are their own authority, as `openssl req -x509` makes them.
fn self_signed(until: i32) -> (String, String) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

/// PEM files that the client reads.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

/// Only with TLS, and one role only with a certificate.
const ACCESS: &str = "hostssl all certified all cert\nhostssl all all all scram-sha-256";

const SETTINGS: &str = "ssl=on\nssl_cert_file='s.crt'\nssl_key_file='s.key'\nssl_ca_file='ca.crt'";

#[track_caller]
fn second(ca: &str, (certificate, key): &(String, String)) -> Option<Second> {
    let files = [("ca.crt", ca), ("s.crt", certificate), ("s.key", key)];
    let server = Second::start(&files, SETTINGS, ACCESS);
    if server.is_none() {
        testkit::skip("live::tls", "the tests' server is not on this machine");
    }
    server
}

/// Is the connection encrypted, or why is there none?
#[track_caller]
fn attempt(url: &str) -> Result<bool, Refusal> {
    let outcome = block_on(async {
        let client = connect(url).await.map_err(|error| {
            assert!(!error.to_string().contains("pass_of_second"), "{error}");
            error.refusal
        })?;
        let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        Ok(client.query_one(sql, &[]).await.expect("a row").get(0))
    });
    outcome.expect("a runtime")
}

#[test]
fn sslmode_means_what_it_means_to_libpq() {
    testkit::needs!(postgres);
    let (ca, other) = (authority(), authority());
    let Some(server) = second(&ca.pem(), &signed("localhost", &ca, 2090)) else {
        return;
    };
    let files = Files::new();
    let root = files.put("root.crt", &ca.pem()).display().to_string();
    let wrong = files.put("other.crt", &other.pem()).display().to_string();
    let refused = Err(Refusal::Certificate);
    for (host, options, expected) in [
        (
            "localhost",
            "sslmode=disable".to_owned(),
            Err(Refusal::NotAllowed),
        ),
        ("localhost", String::new(), Ok(true)),
        ("localhost", "sslmode=require".to_owned(), Ok(true)),
        (
            "localhost",
            "sslmode=require&channel_binding=require".to_owned(),
            Ok(true),
        ),
        (
            "localhost",
            format!("sslmode=require&sslrootcert={wrong}"),
            refused,
        ),
        (
            "127.0.0.1",
            format!("sslmode=require&sslrootcert={root}"),
            Ok(true),
        ),
        (
            "127.0.0.1",
            format!("sslmode=verify-ca&sslrootcert={root}"),
            Ok(true),
        ),
        (
            "localhost",
            format!("sslmode=verify-ca&sslrootcert={wrong}"),
            refused,
        ),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={root}"),
            Ok(true),
        ),
        (
            "127.0.0.1",
            format!("sslmode=verify-full&sslrootcert={root}"),
            refused,
        ),
        ("localhost", "sslrootcert=system".to_owned(), refused),
        (
            "localhost",
            "sslrootcert=system&sslmode=require".to_owned(),
            Err(Refusal::Url),
        ),
    ] {
        let url = server.url(host, &options);
        assert_eq!(attempt(&url), expected, "{host} {options}");
    }

    let (certificate, key) = signed("certified", &ca, 2090);
    let certificate = files.put("client.crt", &certificate);
    let key = files.put("client.key", &key);
    let own = server.url("localhost", "sslmode=require");
    let made = block_on(async {
        let client = connect(&own).await.expect("a superuser");
        client.batch_execute("CREATE ROLE certified LOGIN").await
    });
    made.expect("a runtime").expect("a role");
    let certified = format!(
        "host=localhost port={} user=certified dbname=postgres sslmode=require sslcert='{}' sslkey='{}'",
        server.port(),
        certificate.display(),
        key.display()
    );
    assert_eq!(attempt(&certified), Ok(true));
}

#[test]
fn a_certificate_of_its_own_is_trusted_by_itself_until_it_expires() {
    testkit::needs!(postgres);
    for (until, expected) in [(2090, Ok(true)), (2020, Err(Refusal::Certificate))] {
        let own = self_signed(until);
        let Some(server) = second(&own.0, &own) else {
            return;
        };
        let files = Files::new();
        let root = files.put("root.crt", &own.0);
        let options = format!("sslmode=verify-full&sslrootcert={}", root.display());
        let found = attempt(&server.url("localhost", &options));
        assert_eq!(found, expected, "until {until}");
    }
}
