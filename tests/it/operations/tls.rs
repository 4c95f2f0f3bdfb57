//! TLS on both sides: to PostgreSQL as libpq has it, and in front.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use testkit::Server;
use testkit::postgres::{Client, NoTls, Second};

use super::stand::{ROLE, Stand, command, get, set_up};

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

/// Certificate and key for localhost.
fn signed(by: &CertifiedIssuer<'_, KeyPair>) -> (String, String) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    // Else both have the same, and the one looks as if it had signed itself.
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, by).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn the_database_is_reached_as_sslmode_says() {
    testkit::needs!(postgres);
    let (ca, other) = (authority(), authority());
    let (certificate, key) = signed(&ca);
    let files = [("s.crt", certificate.as_str()), ("s.key", key.as_str())];
    let settings = "ssl=on\nssl_cert_file='s.crt'\nssl_key_file='s.key'";
    // The owner sets up without TLS, the server's role has to have it.
    let access = format!("hostssl all {ROLE} all trust\nhost all postgres all trust");
    let Some(second) = Second::start(&files, settings, &access) else {
        return testkit::skip(module_path!(), "no superuser of a server on this machine");
    };
    let mut client = Client::connect(&second.url("127.0.0.1", ""), NoTls).expect("a connection");
    client.batch_execute(set_up()).expect("tables and roles");
    client
        .batch_execute(&format!("ALTER ROLE {ROLE} LOGIN"))
        .expect("a role");

    let folder = tempfile::tempdir().expect("a folder");
    let root = file(folder.path(), "root.crt", &ca.pem());
    let wrong = file(folder.path(), "wrong.crt", &other.pem());
    for (host, options, works) in [
        ("localhost", "sslmode=disable".to_owned(), false),
        ("localhost", "sslmode=prefer".to_owned(), true),
        ("localhost", "sslmode=require".to_owned(), true),
        (
            "127.0.0.1",
            format!("sslmode=verify-ca&sslrootcert={root}"),
            true,
        ),
        (
            "localhost",
            format!("sslmode=verify-ca&sslrootcert={wrong}"),
            false,
        ),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={root}"),
            true,
        ),
        (
            "127.0.0.1",
            format!("sslmode=verify-full&sslrootcert={root}"),
            false,
        ),
    ] {
        let url = second.url(host, &options);
        let url = url.replace("postgres:pass_of_second@", &format!("{ROLE}@"));
        match Server::start(command(&url, folder.path(), &[])) {
            Ok(server) => {
                assert!(works, "{host} {options}");
                get(&server, "/readyz", &[]).expect(200);
            }
            Err(why) => {
                assert!(!works, "{host} {options}\n{}", why.log);
                assert_eq!(why.code, Some(1));
                assert!(
                    why.log.contains("no connection to the database"),
                    "{}",
                    why.log
                );
            }
        }
    }
}

#[test]
fn the_front_speaks_tls_with_a_certificate() {
    testkit::needs!(postgres, node);
    let ca = authority();
    let (certificate, key) = signed(&ca);
    let folder = tempfile::tempdir().expect("a folder");
    let root = file(folder.path(), "root.crt", &ca.pem());
    let certificate = file(folder.path(), "front.crt", &certificate);
    let key = file(folder.path(), "front.key", &key);
    let settings = [
        ("SYNCLINE_TLS_CERT", &*certificate),
        ("SYNCLINE_TLS_KEY", &*key),
    ];
    let stand = Stand::with(&settings);
    let port = stand.server.address().port();
    let url = format!("https://localhost:{port}/readyz");
    let said = testkit::node::run("ask-https.mjs", [&url, &root], "").expect(0);
    assert_eq!(
        said.stdout,
        "http/1.1 200 {\"status\":\"ready\"}\nh2 200 {\"status\":\"ready\"}\n"
    );

    // Half of a configuration is none.
    let half = command(stand.db.url(), folder.path(), &settings[..1]);
    let why = Server::start(half).expect_err("it does not start");
    assert!(
        why.log
            .contains("SYNCLINE_TLS_CERT and SYNCLINE_TLS_KEY are only of use together"),
        "{}",
        why.log
    );
}
