//! `migrate plan` and `migrate rebase`.

use testkit::needs;

use super::plain::Plain;
use super::project::Project;

const SHOP: &str = r#"[project]
name = "shop"
[tables.items.columns]
name = "text"
note = "text?"
[tables.drafts]
sync = "local"
[tables.drafts.columns]
body = "text"
"#;

#[test]
fn a_plan_is_printed_in_three_forms() {
    let shop = Plain::migrated(SHOP);
    let nothing = shop.run(&["plan", "--format", "human"]).expect(0).stdout;
    assert_eq!(
        nothing,
        "nothing to change from the snapshot of 20261122000000_init to syncline.toml\n"
    );
    shop.source(&SHOP.replace("note = \"text?\"", "note = \"text?\"\nstars = \"integer?\""));
    let sql = shop.run(&["plan"]).expect(0);
    insta::assert_snapshot!("plan_sql", sql.stdout);
    insta::assert_snapshot!("plan_said", sql.stderr);
    let json = shop.run(&["plan", "--format", "json"]).expect(0).stdout;
    insta::assert_snapshot!("plan_json", json);
    assert_eq!(shop.migrations().len(), 1, "nothing is written");
}

#[test]
fn every_kind_of_side_is_read() {
    let shop = Plain::migrated(SHOP);
    shop.write(
        "other.sql",
        "CREATE TABLE items (id text PRIMARY KEY, name text NOT NULL);\n",
    );
    std::fs::create_dir(shop.dir().join("drizzle")).expect("a folder");
    shop.write(
        "drizzle/0000_a.sql",
        "CREATE TABLE items (id text PRIMARY KEY);\n",
    );
    shop.write(
        "drizzle/0001_b.sql",
        "ALTER TABLE items ADD COLUMN name text;\n",
    );
    let snapshot = "migrations/20261122000000_init/snapshot.json";
    let human = |from: &str, to: &str| {
        let args = ["plan", "--from", from, "--to", to, "--format", "human"];
        shop.run(&args).expect(0).stdout
    };
    for same in ["syncline.toml", ".", snapshot, "migrations"] {
        let said = human(same, "syncline.toml");
        assert!(said.starts_with("nothing to change"), "{same}: {said}");
    }
    insta::assert_snapshot!("plan_between_sql", human("drizzle", "other.sql"));
    for (wrong, why) in [
        ("nope.sql", "cannot read nope.sql"),
        ("Cargo.lock", "is no schema"),
        ("syncline.json", "syncline.json: "),
    ] {
        let said = shop.said(&["plan", "--from", wrong], 2);
        assert!(said.contains(why), "{said}");
    }
    shop.write("broken.sql", "CREATE TABLE items (;\n");
    let said = shop.said(&["plan", "--from", "broken.sql"], 1);
    assert!(said.contains("error[M001]"), "{said}");
    shop.source(&SHOP.replace("note =", "remark ="));
    let said = shop.said(&["plan"], 1);
    assert!(said.contains("error[D001]"), "{said}");
}

#[test]
fn rows_are_counted_where_a_database_is_at_hand() {
    needs!(postgres);
    let shop = Project::new("migrate_plan", &[]);
    let plain = Plain::at(shop.dir.path());
    plain.source(SHOP);
    plain.said(&["new", "--stamp", "20261122000000"], 0);
    shop.run(&["apply"]).expect(0);
    shop.db.execute(
        "INSERT INTO items (id, owner_id, name, note) SELECT i::text, 'u', 'n', CASE WHEN i < 3 THEN 'x' END FROM generate_series(1, 5) i",
    );
    plain.source(&SHOP.replace("note = \"text?\"\n", ""));
    let url = shop.db.url();
    let exact = plain
        .run(&["plan", "--from", url, "--exact", "--format", "human"])
        .expect(0);
    insta::assert_snapshot!("plan_rows", exact.stdout);
    shop.db.execute("ANALYZE items");
    let from = [
        "plan",
        "--from",
        "migrations",
        "--database-url",
        url,
        "--format",
        "json",
    ];
    let json: serde_json::Value =
        serde_json::from_str(&plain.run(&from).expect(0).stdout).expect("JSON");
    assert_eq!(json["counted"], "estimate");
    assert_eq!(json["phases"][0]["steps"][0]["rows"], 5);
    assert_eq!(json["copied_again"], 5);
}

/// Two branches: one adds `stars`, the other `size`, with a step by hand.
fn forked() -> Plain {
    let shop = Plain::migrated(SHOP);
    let with = |line: &str| SHOP.replace("note = \"text?\"", &format!("note = \"text?\"\n{line}"));
    shop.source(&with("stars = { type = \"integer\", default = 3 }"));
    shop.said(&["new", "--stamp", "20261123000000"], 0);
    let migrations = shop.dir().join("migrations");
    let aside = shop.dir().join("aside");
    std::fs::rename(migrations.join("20261123000000_add_items_stars"), &aside).expect("moved");
    syncline_codegen::migrate::folder::restore_sum(&migrations).expect("a sum");
    shop.source(&with("size = \"integer?\""));
    shop.said(&["new", "--stamp", "20261124000000"], 0);
    let size = "migrations/20261124000000_add_items_size";
    shop.write(
        &format!("{size}/2_sizes.sql"),
        "UPDATE items SET size = 1;\n",
    );
    let first = format!("{size}/1_expand.sql");
    let allowed = format!(
        "-- syncline:allow may-fail Nobody minds.\n{}",
        shop.read(&first)
    );
    let (head, rest) = allowed.split_once("-- Phase").expect("a head");
    shop.write(&first, &format!("-- Phase{rest}{head}"));
    std::fs::rename(&aside, migrations.join("20261123000000_add_items_stars")).expect("moved");
    syncline_codegen::migrate::folder::restore_sum(&migrations).expect("a sum");
    shop.source(&with(
        "stars = { type = \"integer\", default = 3 }\nsize = \"integer?\"",
    ));
    shop
}

#[test]
fn branches_are_put_in_a_row() {
    let shop = forked();
    let said = shop.said(&["new"], 1);
    assert!(
        said.contains("error[M016]")
            && said.contains("syncline migrate rebase 20261124000000_add_items_size"),
        "{said}"
    );
    let check = testkit::syncline(env!("CARGO_BIN_EXE_syncline"), ["check"], shop.dir());
    assert!(check.stderr.contains("error[M016]"), "{check}");
    let args = [
        "rebase",
        "20261124000000_add_items_size",
        "--stamp",
        "20261125000000",
    ];
    insta::assert_snapshot!("rebased", shop.said(&args, 0));
    assert_eq!(
        shop.migrations(),
        [
            "20261122000000_init",
            "20261123000000_add_items_stars",
            "20261125000000_add_items_size"
        ]
    );
    assert_eq!(
        shop.files(),
        "1_expand.sql 2_sizes.sql down.sql snapshot.json"
    );
    let sql = shop.sql("20261125000000_add_items_size");
    assert!(
        sql.contains("-- syncline:allow may-fail Nobody minds."),
        "{sql}"
    );
    assert!(!sql.contains("stars"), "{sql}");
    shop.nothing();
    let again = shop.said(&["rebase", "add_items_size"], 0);
    assert!(again.starts_with("nothing to rebase"), "{again}");
    let wrong = shop.said(&["rebase", "20261122000000_init"], 1);
    insta::assert_snapshot!("rebase_parent", wrong);
}

#[test]
fn what_has_run_is_not_rebased() {
    needs!(postgres);
    let shop = forked();
    let db = testkit::postgres::database("migrate_rebase");
    db.execute("CREATE SCHEMA syncline; CREATE TABLE syncline.migrations (id text, state text)");
    db.execute(
        "INSERT INTO syncline.migrations VALUES ('20261124000000_add_items_size', 'applied')",
    );
    let args = ["rebase", "add_items_size", "--database-url", db.url()];
    insta::assert_snapshot!("rebase_applied", shop.said(&args, 1));
    db.execute("UPDATE syncline.migrations SET state = 'down'");
    shop.said(&args, 0);
}
