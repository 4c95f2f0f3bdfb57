//! The PowerSync Service's configuration by its own JSON schema, the stack by Compose's, and the
//! values in both against the source.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use syncline_codegen::files::FileSet;
use syncline_codegen::{generate, targets};
use syncline_schema::source::load_str;

const NOTES: &str = include_str!("../../syncline.toml");
const KITCHEN: &str = include_str!("../schemas/kitchen.toml");
const AWKWARD: &str = include_str!("../schemas/awkward.toml");

/// What a source makes of the service's target.
fn files(source: &str) -> FileSet {
    let loaded = load_str(source);
    let errors: Vec<_> = loaded.diagnostics.iter().collect();
    assert!(!loaded.diagnostics.has_errors(), "{errors:#?}");
    let chosen = targets::find("service").expect("a target");
    generate(&loaded.schema, &[chosen])
        .expect("templates that fit")
        .files
}

fn text<'a>(files: &'a FileSet, path: &str) -> &'a str {
    &files.get(path).expect("a file").text
}

/// The target's files in a folder.
fn folder(source: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, file) in files(source).iter() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, &file.text).expect("a file");
    }
    folder
}

fn judge(script: &str, args: &[PathBuf]) -> Value {
    let output = testkit::node::run(script, args, "").expect(0);
    serde_json::from_str(&output.stdout).expect("JSON")
}

fn powersync(folder: &Path, name: &str) -> PathBuf {
    folder.join("powersync").join(name)
}

#[test]
fn the_service_takes_its_configuration() {
    testkit::needs!(node);
    for source in [NOTES, KITCHEN, AWKWARD] {
        let folder = folder(source);
        let found = judge(
            "judge-service.mjs",
            &[powersync(folder.path(), "service.yaml")],
        );
        assert_eq!(found["errors"], json!([]));
        let variables = [
            "PS_ADMIN_TOKEN",
            "PS_DATABASE_SSLMODE",
            "PS_DATABASE_URL",
            "PS_JWKS_URI",
            "PS_JWT_AUDIENCE",
            "PS_STORAGE_SSLMODE",
            "PS_STORAGE_URL",
        ];
        assert_eq!(found["env"], json!(variables));
        let example = fs::read_to_string(powersync(folder.path(), ".env.example")).expect("a file");
        for name in variables {
            assert!(example.contains(&format!("\n{name}=")), "{name}");
        }
    }
}

#[test]
fn compose_takes_the_stack() {
    testkit::needs!(node);
    for source in [
        NOTES,
        KITCHEN,
        AWKWARD,
        &NOTES.replace("name = \"notes\"", "name = \"null\""),
    ] {
        let folder = folder(source);
        let path = |name| powersync(folder.path(), name);
        let found = judge(
            "judge-compose.mjs",
            &[path("compose.yaml"), path(".env.example")],
        );
        assert_eq!(found["errors"], json!([]));
        let images = ["journeyapps/powersync-service:1.25.0", "postgres:17"];
        assert_eq!(found["images"], json!(images));
    }
}

#[test]
fn the_source_decides_what_the_files_say() {
    let notes = files(NOTES);
    let example = text(&notes, "powersync/.env.example");
    insta::assert_snapshot!(example);
    for variable in ["POWERSYNC_URL", "BETTER_AUTH_SECRET"] {
        assert!(example.contains(&format!("\n{variable}=")), "{variable}");
    }
    assert!(text(&notes, "powersync/service.yaml").contains("path: sync-config.yaml\n"));
    assert!(text(&notes, "rust/Dockerfile").contains("EXPOSE 3011\n"));

    let changed = NOTES
        .replace("format = \"streams\"", "format = \"rules\"")
        .replace("service = \"1.25\"", "service = \"1.31\"")
        .replace("http://localhost:3011", "https://auth.example")
        .replace(
            "[project]\nname = \"notes\"",
            "[project]\nname = \"on\"\n[output]\ndir = \"out/made\"",
        );
    let changed = files(&changed);
    let compose = text(&changed, "powersync/compose.yaml");
    for line in [
        "name: \"on\"",
        "      context: ../../..",
        "      dockerfile: out/made/rust/Dockerfile",
        "    image: journeyapps/powersync-service:1.31.0",
        "      - ./sync_rules.yaml:/config/sync_rules.yaml:ro",
        "      PGDATABASE: \"on\"",
    ] {
        assert!(compose.lines().any(|it| it == line), "{line}\n{compose}");
    }
    assert!(text(&changed, "powersync/service.yaml").contains("path: sync_rules.yaml\n"));
    let example = text(&changed, "powersync/.env.example");
    assert!(
        example.contains("\nPS_JWT_AUDIENCE=https://auth.example\n"),
        "{example}"
    );
    assert!(
        example.contains("\nPS_JWKS_URI=https://auth.example/api/auth/jwks\n"),
        "{example}"
    );

    let awkward = files(AWKWARD);
    let example = text(&awkward, "powersync/.env.example");
    assert!(
        example.contains("\nPS_JWT_AUDIENCE='it\\'s \"mine\" `${x}`'\n"),
        "{example}"
    );
}

#[test]
fn the_passwords_reach_the_settings_that_setup_sql_reads() {
    let loaded = load_str(NOTES);
    let chosen = ["service", "postgres"].map(|name| targets::find(name).expect("a target"));
    let made = generate(&loaded.schema, &chosen)
        .expect("templates that fit")
        .files;
    let (compose, setup) = (
        text(&made, "powersync/compose.yaml"),
        text(&made, "postgres/setup.sql"),
    );
    let example = text(&made, "powersync/.env.example");
    let mut found = 0;
    for line in compose
        .lines()
        .filter(|line| line.trim().starts_with("-c syncline."))
    {
        let setting = line.trim().trim_start_matches("-c ");
        let setting = setting.split('=').next().expect("a name");
        assert!(setup.contains(&format!("'{setting}'")), "{setting}");
        found += 1;
    }
    assert_eq!(found, 3);
    let roles = example
        .lines()
        .filter_map(|line| line.split("postgresql://").nth(1)?.split(':').next());
    for role in roles {
        assert!(setup.contains(&format!("'{role}'")), "{role}");
        found += 1;
    }
    assert_eq!(found, 6);
}
