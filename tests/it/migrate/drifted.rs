//! Migrations as they are planned, run, and compared with the database afterwards.

use syncline_codegen::diff::{Pair, Scope};
use syncline_codegen::migrate::folder::{DOWN, Folder, NewMigration, Snapshot, Stamp, write};
use syncline_codegen::migrate::plan::plan;
use syncline_schema::Schema;
use syncline_schema::source::load_str;

use super::project::Project;

const KITCHEN: &str = include_str!("../../schemas/kitchen.toml");

/// Plans the way to a schema and writes it as a migration.
fn planned(project: &Project, stamp: &str, next: &Schema) {
    let folder = Folder::read(&project.folder());
    let (previous, parent) = folder.latest().expect("a schema");
    let schemas = Pair {
        previous: &previous,
        next,
    };
    let mut files = plan(schemas, Scope::Declared).files(next);
    let down = files.iter().position(|(name, _)| name == DOWN);
    let down = down.map(|at| files.remove(at).1);
    let new = NewMigration {
        stamp: Stamp::parse(stamp).expect("a stamp"),
        name: "planned".to_owned(),
        files,
        down,
        snapshot: Snapshot::new(next.clone(), parent),
        replaces: None,
    };
    write(&project.folder(), &new).expect("written");
}

const ALL: [&str; 17] = [
    "apply",
    "--allow",
    "deletes-data",
    "--allow",
    "may-fail",
    "--allow",
    "table-rewrite",
    "--allow",
    "access-exclusive-lock",
    "--allow",
    "index-build",
    "--allow",
    "index-dropped",
    "--allow",
    "breaks-clients",
    "--allow",
    "copied-again",
];

#[test]
fn what_was_planned_and_run_is_what_the_database_holds() {
    testkit::needs!(postgres);
    let project = Project::new("drift", &[]);
    let kitchen = load_str(KITCHEN).schema;
    planned(&project, "20260101000000", &kitchen);
    project.run(&ALL).expect(0);
    let found = project.run(&["verify"]);
    assert!(!found.stderr.contains("M030"), "{found}");
    found.expect(0);
    // Undone and run again, it is the same.
    project.run(&["down"]).expect(0);
    project.run(&ALL).expect(0);
    project.run(&["verify"]).expect(0);
}

#[test]
fn what_was_changed_by_hand_is_said() {
    testkit::needs!(postgres);
    let project = Project::new("by hand", &[]);
    let schema = load_str(
        "[project]\nname = \"app\"\n[tables.notes.columns]\ntitle = \"text\"\nbody = \"text?\"\n",
    )
    .schema;
    planned(&project, "20260101000000", &schema);
    project.run(&ALL).expect(0);
    project.run(&["verify"]).expect(0);
    project.db.execute(
        "ALTER TABLE notes ADD COLUMN scratch text, ALTER COLUMN body SET DEFAULT 'x', DROP COLUMN title; \
         CREATE TABLE elsewhere (id text)",
    );
    insta::assert_snapshot!(project.said(&["verify"], 1));
}
