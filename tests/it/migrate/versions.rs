//! `syncline.schema_versions`: what the upload server knows of devices.

use super::plain::Plain;

const NOTES: &str = "[project]\nname = \"app\"\n[tables.notes.columns]\ntitle = \"text\"\n\
                     secret = { type = \"text?\", server_only = true }\n";

const KNOWN: &str = "\
SELECT string_agg(t ->> 'name' || ': ' || (t ->> 'columns'), '; ' ORDER BY v.added_at)
FROM syncline.schema_versions AS v, jsonb_array_elements(v.tables) AS t";

#[test]
fn each_applied_version_is_noted_once() {
    testkit::needs!(postgres);
    let app = Plain::migrated(NOTES);
    let db = testkit::postgres::database("versions");
    let known = || {
        app.run(&["apply", "--database-url", db.url()]).expect(0);
        let row = db.connect().query_one(KNOWN, &[]).expect("versions");
        row.get::<_, String>(0)
    };
    let first = r#"notes: ["id", "owner_id", "title", "created_at", "updated_at", "deleted_at"]"#;
    assert_eq!(known(), first);
    assert_eq!(known(), first);
    app.source(&NOTES.replace("= \"text\"", "= \"text\"\nstars = \"integer?\""));
    app.run(&["new"]).expect(0);
    let second = first.replace("\"title\"", "\"title\", \"stars\"");
    assert_eq!(known(), format!("{first}; {second}"));
}
