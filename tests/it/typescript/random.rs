//! Random sources: they compile, Drizzle can tell the relations apart, PowerSync takes the schema,
//! and drizzle-kit makes the database that `schema.sql` makes.

use proptest::test_runner::{Config, TestRunner};

use super::catalog::compare;
use super::compiles::compile;
use super::{Package, drizzle};
use crate::postgres::random;

#[test]
fn random_sources_pass_every_judge() {
    testkit::needs!(postgres, node);
    // Each case starts six programs; shrinking would start hundreds.
    let mut runner = TestRunner::new(Config {
        cases: 3,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    });
    let outcome = runner.run(&random::source(), |source| {
        let package = Package::of(&source);
        let output = compile(&package);
        assert_eq!(output.code, 0, "{source}\n{output}");
        drizzle::read(&package, "sqlite");
        drizzle::read(&package, "pg");
        package.judge("judge-app-schema.mjs", &[], "app-schema.ts", &[], "");
        compare(&source, &package);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
