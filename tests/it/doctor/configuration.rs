//! The names that doctor looks for, where the service's configuration says other ones.

use std::path::Path;

use syncline_codegen::doctor::Configuration;
use syncline_codegen::read::text;
use syncline_codegen::targets;
use syncline_schema::source::load_str;
use syncline_schema::{Diagnostic, Schema, Sources};

fn schema() -> Schema {
    load_str("[project]\nname = \"my-app\"\n\n[tables.notes.columns]\ntitle = \"text\"\n").schema
}

fn read(yaml: &str, env: &[(&str, &str)]) -> Result<Configuration, Diagnostic> {
    let path = Path::new("service.yaml");
    let source = text::add(&mut Sources::default(), path, yaml.as_bytes())?;
    Configuration::read(&schema(), &source, |name| {
        let found = env.iter().find(|(it, _)| *it == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn what_generate_writes_says_what_the_schema_says() {
    let schema = schema();
    let made = syncline_codegen::generate(&schema, targets::TARGETS).expect("files");
    let yaml = &made.files.get("powersync/service.yaml").expect("it").text;
    let found = read(yaml, &[]).expect("a configuration");
    assert_eq!(found, Configuration::of(&schema));
    assert_eq!(found.reader, "my_app_powersync");
    // And what the environment says instead.
    let env = [
        ("PS_DATABASE_URL", "postgresql://reader:pa@db:5432/app"),
        ("PS_STORAGE_URL", "postgresql://keeper@db/app?user=x"),
        ("PS_JWT_AUDIENCE", "https://app.example.org"),
    ];
    let found = read(yaml, &env).expect("a configuration");
    assert_eq!(found.reader, "reader");
    assert_eq!(found.storage.as_deref(), Some("keeper"));
    assert_eq!(found.audiences, ["https://app.example.org"]);
}

#[test]
fn what_people_write_is_read() {
    let found = read(
        "replication:\n  connections:\n    - type: postgresql\n      uri: postgres://one@db/app\n      username: two\n      slot_name_prefix: mine_\nstorage:\n  type: postgresql\n  username: three\n  schema: buckets\nclient_auth:\n  audience: [a, b]\n",
        &[],
    );
    let found = found.expect("a configuration");
    assert_eq!(
        (found.reader.as_str(), found.slot_prefix.as_str()),
        ("two", "mine_")
    );
    assert_eq!(found.storage.as_deref(), Some("three"));
    assert_eq!(found.storage_schema, "buckets");
    assert_eq!(found.audiences, ["a", "b"]);
    let elsewhere = "storage:\n  type: mongodb\n  uri: mongodb://me@db/app\n";
    assert_eq!(read(elsewhere, &[]).expect("one").storage, None);
    for odd in [
        "a: 1",
        "[",
        "replication: 1\nstorage: [1]",
        "client_auth: {audience: {}}\nstorage:",
    ] {
        // It is refused, or says nothing.
        if let Ok(found) = read(odd, &[]) {
            assert_eq!(found.reader, "my_app_powersync", "{odd}");
        }
    }
}
