//! PostgreSQL: what drizzle-kit makes of `pg.ts` is the database that `schema.sql` makes, but for
//! a written list.

use testkit::postgres::{TestDb, database};

use super::{Package, SAMPLES};

/// Everything that a schema consists of, one line each: columns, constraints, indexes, enums,
/// policies. Not on it, since Drizzle has no words for them: comments.
const CATALOG: &str = "
    WITH tables AS (
      SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relrowsecurity
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_|^information_schema$'
    )
    SELECT concat_ws(' ', 'column', t.name, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid))
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT concat_ws(' ', 'place of column', t.name, quote_ident(a.attname), a.attnum::text)
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
    UNION ALL
    SELECT concat_ws(' ', 'constraint', t.name, quote_ident(k.conname), pg_get_constraintdef(k.oid))
    FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
    UNION ALL
    SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid)) FROM tables t JOIN pg_index i ON i.indrelid = t.oid
    UNION ALL
    SELECT concat_ws(' ', 'word', format_type(e.enumtypid, NULL), e.enumsortorder::text, quote_literal(e.enumlabel))
    FROM pg_enum e
    UNION ALL
    SELECT concat_ws(' ', 'policy', t.name, quote_ident(p.polname), p.polcmd, p.polpermissive::text, p.polroles::text,
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
    UNION ALL
    SELECT concat_ws(' ', 'row security of', t.name, t.relrowsecurity::text) FROM tables t
    ORDER BY 1";

fn catalog(db: &TestDb) -> Vec<String> {
    let rows = db.connect().query(CATALOG, &[]).expect("the catalog");
    rows.iter().map(|row| row.get(0)).collect()
}

/// The written list: what Drizzle cannot say of what `schema.sql` makes. Each has a comment in
/// `pg.ts` and a note in the report.
fn as_far_as_drizzle_goes(line: &str) -> String {
    let line = line
        .replace(" DEFERRABLE INITIALLY DEFERRED", "")
        .replace(" NULLS NOT DISTINCT", "");
    let line = without_list(&line, " ON DELETE SET NULL", " (");
    without_list(&line, ")", " INCLUDE (")
}

/// Takes out the parenthesis that `open` begins, where it stands behind `before`.
fn without_list(line: &str, before: &str, open: &str) -> String {
    let start = line
        .find(&format!("{before}{open}"))
        .map(|at| at + before.len());
    let end = start.and_then(|start| line[start..].find(')').map(|at| start + at + 1));
    match (start, end) {
        (Some(start), Some(end)) => format!("{}{}", &line[..start], &line[end..]),
        _ => line.to_owned(),
    }
}

#[track_caller]
pub(super) fn compare(name: &str, package: &Package) {
    let export = package.judge(
        "judge-drizzle-export.mjs",
        &["postgresql"],
        "pg.ts",
        &[],
        "",
    );
    let (theirs, ours) = (database("drizzle"), database("ours"));
    theirs.execute(export["sql"].as_str().expect("SQL"));
    ours.execute(&package.sql);
    let (theirs, ours) = (catalog(&theirs), catalog(&ours));
    assert!(!ours.is_empty(), "{name}: nothing to compare");
    let mut ours: Vec<_> = ours
        .iter()
        .map(|line| as_far_as_drizzle_goes(line))
        .collect();
    ours.sort();
    let mut theirs = theirs;
    theirs.sort();
    let missing: Vec<_> = ours.iter().filter(|line| !theirs.contains(line)).collect();
    let surplus: Vec<_> = theirs.iter().filter(|line| !ours.contains(line)).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{name}\nonly in schema.sql: {missing:#?}\nonly in pg.ts: {surplus:#?}"
    );
}

#[test]
fn drizzle_makes_the_same_database() {
    testkit::needs!(postgres, node);
    for (name, source) in SAMPLES {
        compare(name, &Package::of(source));
    }
}

#[test]
fn what_drizzle_cannot_say_is_noted() {
    testkit::needs!(postgres);
    for (name, source) in SAMPLES {
        let package = Package::of(source);
        let ours = database("noted");
        ours.execute(&package.sql);
        let beyond = catalog(&ours)
            .iter()
            .filter(|line| as_far_as_drizzle_goes(line) != **line)
            .count();
        let noted = package
            .notes
            .iter()
            .filter(|note| note.starts_with("pg.ts cannot say"))
            .count();
        assert_eq!(noted, beyond, "{name}: {:#?}", package.notes);
        let comments = package
            .text("pg.ts")
            .lines()
            .filter(|line| line.starts_with("  // In PostgreSQL: "))
            .count();
        assert_eq!(comments, beyond, "{name}");
    }
}
