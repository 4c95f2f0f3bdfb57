//! Values for many rows, in batches, while an app goes on writing.

use std::sync::atomic::{AtomicBool, Ordering};

use syncline_codegen::diff::{Pair, Scope};
use syncline_codegen::migrate::plan::plan;

use super::ground::{Ground, ddl};
use super::sound;

const BEFORE: &str = r#"
[project]
name = "shop"
[migrations]
batch_size = 2000
[tables.items.columns]
title = "text"
writes = { type = "integer", default = 0 }
"#;

const ROWS: usize = 50_000;

#[test]
fn many_rows_are_filled_in_batches_while_others_write() {
    testkit::needs!(postgres);
    let previous = sound("before", BEFORE);
    let next = sound(
        "after",
        &format!("{BEFORE}stars = {{ type = \"integer\", default = 3 }}\n"),
    );
    let plan = plan(
        Pair {
            previous: &previous,
            next: &next,
        },
        Scope::Declared,
    );
    for analyzed in [false, true] {
        let mut ground = Ground::new();
        ground.make(&ddl(&previous)).expect("tables");
        ground
            .execute(&format!(
                "INSERT INTO items (id, owner_id, title)
                 SELECT n::text, 'me', repeat('x', n % 40) FROM generate_series(1, {ROWS}) n"
            ))
            .expect("rows");
        if analyzed {
            ground.execute("ANALYZE items").expect("statistics");
        }
        let mut app = ground.db.connect();
        let done = AtomicBool::new(false);
        let writes = std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                let mut writes = 0_usize;
                while !done.load(Ordering::Relaxed) {
                    let id = (writes * 7919 % ROWS + 1).to_string();
                    let update = "UPDATE items SET writes = writes + 1 WHERE id = $1";
                    let row = app.execute(update, &[&id]).expect("a write");
                    assert_eq!(row, 1);
                    writes += 1;
                }
                writes
            });
            let run = ground.run(&plan, &next);
            done.store(true, Ordering::Relaxed);
            run.expect("a plan");
            writing.join().expect("the app")
        });
        let query = "SELECT format('%s rows of %s writes, in %s batches', count(*) FILTER (WHERE stars = 3),
                            sum(writes), CASE WHEN count(DISTINCT xmin::text) > 15 THEN 'many' ELSE 'few' END)
                     FROM items";
        assert_eq!(
            ground.texts(query).expect("a row"),
            [format!("{ROWS} rows of {writes} writes, in many batches")]
        );
    }
}
