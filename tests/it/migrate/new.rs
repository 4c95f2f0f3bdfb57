//! `migrate new`: what is written, what is said, and what the source gets.

use std::fs;

use testkit::needs;

use super::plain::Plain;
use super::project::Project;

const SHOP: &str = r#"[project]
name = "shop"

# Things to sell.
[tables.items.columns]
name = "text"  # shown
note = "text?"
price = "integer?"
"#;

#[test]
fn the_first_migration_makes_everything_and_the_next_has_nothing_to_do() {
    let shop = Plain::new(SHOP);
    let said = shop.said(&["new", "--stamp", "20261122101500"], 0);
    insta::assert_snapshot!(said);
    assert_eq!(
        shop.files(),
        "1_expand.sql down.sql snapshot.json",
        "{said}"
    );
    let said = shop.said(&["new"], 0);
    assert_eq!(
        said,
        "nothing to migrate: the newest snapshot is what the source says\n"
    );
}

#[test]
fn what_goes_is_listed_in_the_source_and_what_is_at_stake_is_said() {
    let shop = Plain::migrated(SHOP);
    let changed = SHOP.replace(
        "note = \"text?\"",
        "stars = { type = \"integer\", default = 3 }",
    );
    shop.source(&changed);
    let dry = shop
        .run(&["new", "--stamp", "20261123000000", "--dry-run"])
        .expect(0);
    assert_eq!(shop.text(), changed, "a dry run writes nothing");
    assert_eq!(shop.migrations().len(), 1);
    let diff = dry
        .stdout
        .split("-- migrations/")
        .next()
        .unwrap_or_default();
    insta::assert_snapshot!("dry_run_diff", diff);
    let said = shop.said(&["new", "--stamp", "20261123000000"], 0);
    insta::assert_snapshot!("column_gone", said);
    let head =
        "[tables.items]\nremoved_columns = { note = \"2026-11-23\" }\n[tables.items.columns]";
    assert_eq!(shop.text(), changed.replace("[tables.items.columns]", head));
    shop.nothing();
}

#[test]
fn a_run_that_was_cut_off_after_the_source_is_finished_by_the_next() {
    let shop = Plain::migrated(SHOP);
    shop.source(&SHOP.replace("note = \"text?\"\n", ""));
    shop.said(&["new", "--stamp", "20261123000000"], 0);
    let (edited, sql) = (shop.text(), shop.sql("20261123000000_drop_items_note"));
    fs::remove_dir_all(shop.dir().join("migrations/20261123000000_drop_items_note")).expect("gone");
    syncline_codegen::migrate::folder::restore_sum(&shop.dir().join("migrations")).expect("a sum");
    shop.said(&["new", "--stamp", "20261123000000"], 0);
    assert_eq!(shop.text(), edited);
    assert_eq!(shop.sql("20261123000000_drop_items_note"), sql);
}

#[test]
fn a_rename_that_nobody_declared_stops() {
    let shop = Plain::migrated(SHOP);
    shop.source(&SHOP.replace("note", "remark"));
    insta::assert_snapshot!("undeclared", shop.said(&["new"], 1));
    assert_eq!(shop.migrations().len(), 1);
    let wrong = shop.said(&["new", "--drop", "items.price"], 2);
    assert_eq!(
        wrong,
        "syncline: --drop items.price: the schema still declares it; take it out first\n"
    );
    let wrong = shop.said(&["new", "--drop", "itens"], 2);
    assert_eq!(wrong, "syncline: --drop itens: there is none to drop\n");
    shop.said(&["new", "--drop", "items.note"], 0);
    assert!(shop.text().contains("removed_columns = { note = "));
    shop.nothing();
}

#[test]
fn a_table_that_goes_is_listed_and_structs_are_edited_where_they_stand() {
    let shop = Plain::new("[project]\nname = \"shop\"\n[source]\nrust = [\"models.rs\"]\n");
    let models = "/// Things to sell.\n#[derive(SyncTable)]\npub struct Items {\n    pub name: String, // shown\n    pub note: Option<String>,\n}\n\n#[derive(SyncTable)]\nstruct Drafts {\n    body: String,\n}\n";
    shop.write("models.rs", models);
    shop.said(&["new", "--stamp", "20261122000000"], 0);
    let (kept, _) = models
        .split_once("\n#[derive(SyncTable)]\nstruct")
        .expect("two structs");
    let kept = kept.replace("    pub note: Option<String>,\n", "");
    shop.write("models.rs", &kept);
    insta::assert_snapshot!(
        "structs",
        shop.said(&["new", "--stamp", "20261123000000"], 0)
    );
    assert_eq!(
        shop.read("models.rs"),
        kept.replace(
            "pub struct",
            "#[sync(removed_columns = { note = \"2026-11-23\" })]\npub struct"
        )
    );
    assert!(
        shop.text()
            .ends_with("\n[removed_tables]\ndrafts = \"2026-11-23\"\n")
    );
    shop.nothing();
}

#[test]
fn a_contract_ends_what_old_devices_needed() {
    let shop = Plain::migrated(SHOP);
    let renamed = SHOP
        .replace("tables.items.", "tables.goods.")
        .replace(
            "name = \"text\"",
            "title = { type = \"text\", renamed_from = \"name\" }",
        )
        .replace(
            "price = \"integer?\"",
            "price = \"integer?\"\namount = { type = \"bigint?\", replaces = \"price\" }",
        )
        .replace(
            "# Things",
            "[tables.goods]\nrenamed_from = \"items\"\n# Things",
        );
    shop.source(&renamed);
    let early = shop.said(&["new", "--contract", "goods.title"], 1);
    insta::assert_snapshot!("contract_early", early);
    shop.said(&["new", "--stamp", "20261123000000", "rename"], 0);
    assert_eq!(shop.text(), renamed, "nothing is gone yet");
    shop.nothing();
    let wrong = shop.said(&["new", "--contract", "goods.tilte"], 1);
    assert!(wrong.contains("no renamed_from and no replaces"), "{wrong}");
    let said = shop.said(
        &[
            "new",
            "--contract",
            "goods.title",
            "--stamp",
            "20261124000000",
        ],
        0,
    );
    insta::assert_snapshot!("contract_one", said);
    let said = shop.said(&["new", "--contract", "--stamp", "20261125000000"], 0);
    insta::assert_snapshot!("contract_all", said);
    insta::assert_snapshot!("contracted", shop.text());
    shop.nothing();
    let said = shop.said(&["new", "--contract"], 0);
    assert!(said.starts_with("nothing to end"), "{said}");
}

#[test]
fn a_version_that_changes_nothing_in_postgresql_is_made_known() {
    let shop = Plain::migrated(SHOP);
    shop.source(&SHOP.replace(
        "price = \"integer?\"",
        "price = { type = \"integer?\", immutable = true }",
    ));
    insta::assert_snapshot!(
        "version_only",
        shop.said(&["new", "--stamp", "20261123000000"], 0)
    );
    assert_eq!(shop.files(), "snapshot.json");
    shop.nothing();
}

#[test]
fn steps_by_hand_get_a_folder() {
    let shop = Plain::migrated(SHOP);
    let said = shop.said(
        &["new", "Fix names!", "--empty", "--stamp", "20261123000000"],
        0,
    );
    insta::assert_snapshot!("empty", said);
    assert_eq!(shop.files(), "1_fix_names.sql snapshot.json");
    shop.nothing();
}

#[test]
fn stamps_are_moments_after_all_others() {
    let shop = Plain::migrated(SHOP);
    shop.source(&SHOP.replace("note = \"text?\"\n", ""));
    let said = shop.said(&["new", "--stamp", "20261122000000"], 2);
    assert_eq!(
        said,
        "syncline: 20261122000000 is not after `20261122000000_init`: migrations run in the order of their stamps\n"
    );
    let said = shop.said(&["new", "--stamp", "tomorrow"], 2);
    assert_eq!(
        said,
        "syncline: `tomorrow` is no stamp: 14 digits, YYYYMMDDHHMMSS in UTC\n"
    );
}

#[test]
fn the_projects_own_example_has_nothing_to_do() {
    let root = testkit::repo_root();
    let output = testkit::syncline(
        env!("CARGO_BIN_EXE_syncline"),
        ["migrate", "new", "--dry-run"],
        root,
    );
    assert_eq!(
        output.expect(0).stderr,
        "nothing to migrate: the newest snapshot is what the source says\n"
    );
}

#[test]
fn what_new_writes_runs_on_postgresql() {
    needs!(postgres);
    let shop = Project::new("migrate_new", &[]);
    let plain = Plain::at(shop.dir.path());
    plain.source(SHOP);
    plain.said(&["new", "--stamp", "20261122000000"], 0);
    shop.run(&["apply"]).expect(0);
    shop.db.execute(
        "INSERT INTO items (id, owner_id, name, note, price) VALUES ('a', 'u', 'A', 'x', 7), ('b', 'u', 'B', NULL, NULL)",
    );
    let renamed = SHOP
        .replace(
            "name = \"text\"",
            "title = { type = \"text\", renamed_from = \"name\" }",
        )
        .replace(
            "price = \"integer?\"",
            "price = \"integer?\"\namount = { type = \"bigint?\", replaces = \"price\" }",
        );
    plain.source(&renamed);
    plain.said(&["new", "--stamp", "20261123000000"], 0);
    let allow = ["apply", "--allow", "may-fail", "--allow", "breaks-clients"];
    shop.run(&allow).expect(0);
    assert_eq!(
        shop.value(
            "SELECT string_agg(title || name || coalesce(amount, 0), ',' ORDER BY id) FROM items"
        ),
        "AA7,BB0"
    );
    plain.said(&["new", "--contract", "--stamp", "20261124000000"], 0);
    let refused = shop.run(&["apply"]).expect(1);
    assert!(refused.stderr.contains("deletes-data"), "{refused}");
    let allow = [
        "apply",
        "--allow",
        "deletes-data",
        "--allow",
        "breaks-clients",
        "--allow",
        "may-fail",
    ];
    shop.run(&allow).expect(0);
    assert_eq!(
        shop.value("SELECT string_agg(title || coalesce(amount, 0), ',' ORDER BY id) FROM items"),
        "A7,B0"
    );
    // The schema has a version of its own, and there is no SQL to run.
    plain.source(&plain.text().replace(
        "note = \"text?\"",
        "note = { type = \"text?\", immutable = true }",
    ));
    plain.said(&["new", "--stamp", "20261125000000", "version"], 0);
    shop.run(&["apply"]).expect(0);
    let plan = plain
        .run(&["plan", "--from", shop.db.url(), "--format", "human"])
        .expect(0);
    assert_eq!(
        plan.stdout,
        "nothing to change from the database to syncline.toml\n"
    );
    assert_eq!(shop.state("20261125000000_version"), "applied");
}

#[test]
fn included_files_and_windows_line_ends_are_edited_where_they_stand() {
    let shop = Plain::new("include = [\"parts/*.toml\"]\r\n[project]\r\nname = \"shop\"\r\n");
    fs::create_dir(shop.dir().join("parts")).expect("a folder");
    let items = "tables.items.columns.name = \"text\"\r\ntables.items.columns.note = \"text?\"\r\n";
    shop.write("parts/items.toml", items);
    let tags = "[tables]\ntags = { columns = { name = \"text\", kind = \"text?\" } } # inline\n";
    shop.write("parts/tags.toml", tags);
    shop.write(
        "parts/drafts.toml",
        "[tables.drafts.columns]\nbody = \"text\"\n",
    );
    shop.said(&["new", "--stamp", "20261122000000"], 0);
    let line = "tables.items.columns.note = \"text?\"\r\n";
    shop.write("parts/items.toml", &items.replace(line, ""));
    shop.write("parts/tags.toml", &tags.replace(", kind = \"text?\"", ""));
    fs::remove_file(shop.dir().join("parts/drafts.toml")).expect("gone");
    shop.said(&["new", "--stamp", "20261123000000"], 0);
    let said = format!(
        "{}{}{}",
        shop.read("parts/items.toml"),
        shop.read("parts/tags.toml"),
        shop.text()
    );
    insta::assert_snapshot!("included", said.replace('\r', "<CR>"));
    shop.nothing();
}

#[test]
fn a_file_that_would_not_keep_its_form_is_left_to_its_owner() {
    let shop = Plain::migrated(SHOP);
    let mixed = SHOP
        .replace("note = \"text?\"\n", "")
        .replacen('\n', "\r\n", 1);
    shop.source(&mixed);
    insta::assert_snapshot!(
        "by_hand",
        shop.said(&["new", "--stamp", "20261123000000"], 1)
    );
    assert_eq!(shop.text(), mixed);
    assert_eq!(shop.migrations().len(), 1);
}
