//! What streams read is published and readable, and nothing else is.

use std::fs;

const SOURCE: &str = r#"
[project]
name = "app"

[tables.calendars]
access = "streams"
[tables.calendars.columns]
name = "text"

[tables.members]
sync = "server"
schema = "people"
[tables.members.columns]
calendar_id = "text"
user_id = "text"

[tables.visits]
insert_only = true
[tables.visits.columns]
page = "text"

[tables.secrets]
sync = "server"
[tables.secrets.columns]
word = "text"

[streams.shared]
# syncline-ignore L012: few calendars
query = "SELECT * FROM calendars WHERE (id IN (SELECT calendar_id FROM people.members WHERE user_id = auth.user_id())) AND (deleted_at IS NULL)"
"#;

#[test]
fn the_publication_and_the_readers_grants_hold_what_streams_read() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("syncline.toml"), SOURCE).expect("written");
    testkit::syncline(
        env!("CARGO_BIN_EXE_syncline"),
        ["generate", "--deny", "warnings"],
        dir.path(),
    )
    .expect(0);
    let setup =
        fs::read_to_string(dir.path().join("generated/postgres/setup.sql")).expect("a file");
    let statement = |begin: &str, end: &str| {
        let at = setup
            .find(begin)
            .unwrap_or_else(|| panic!("no {begin} in\n{setup}"));
        let rest = &setup[at..];
        rest[..rest.find(end).unwrap_or(rest.len())].to_owned()
    };
    let publication = statement("ALTER PUBLICATION powersync SET TABLE", ";");
    assert!(publication.contains("public.calendars"), "{publication}");
    assert!(publication.contains("people.members"), "{publication}");
    for other in ["visits", "secrets"] {
        assert!(!publication.contains(other), "{publication}");
    }
    let grants = statement("GRANT SELECT ON TABLE", "TO app_powersync");
    assert!(
        grants.contains("calendars") && grants.contains("people.members"),
        "{grants}"
    );
    assert!(
        !grants.contains("visits") && !grants.contains("secrets"),
        "{grants}"
    );
    assert!(
        setup.contains("GRANT USAGE ON SCHEMA people TO app_powersync"),
        "{setup}"
    );
}
