//! The JSON Schema with which editors complete and validate a source: checked in, and judged by
//! Taplo, which is what the editors ask.

use std::fs;

use syncline_schema::source::editor;
use testkit::Output;

/// What Taplo says of sources, all in one run.
fn taplo(sources: &[String]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let schema = folder.path().join("schema.json");
    fs::write(&schema, editor::schema().to_string()).expect("a schema");
    let url = format!("file://{}", schema.display());
    let mut args = vec!["lint".to_owned(), "--schema".to_owned(), url];
    for (at, source) in sources.iter().enumerate() {
        let file = folder.path().join(format!("source{at}.toml"));
        // The first line of a sample names a schema that is elsewhere.
        fs::write(&file, source.replacen("#:schema", "# schema", 1)).expect("a source");
        args.push(file.display().to_string());
    }
    testkit::node::run("node_modules/@taplo/cli/dist/cli.js", args, "")
}

#[test]
fn the_checked_in_schema_is_the_one_that_is_printed() {
    let path = testkit::repo_root().join("docs/syncline.schema.json");
    let printed = format!("{:#}\n", editor::schema());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &printed).expect("the schema");
    }
    let checked_in = fs::read_to_string(&path).expect("docs/syncline.schema.json");
    assert!(
        checked_in == printed,
        "stale: syncline schema --editor > docs/syncline.schema.json"
    );
}

#[test]
fn taplo_accepts_the_samples() {
    testkit::needs!(node);
    let root = testkit::repo_root();
    let samples = [
        "syncline.toml",
        "templates/init/syncline.toml",
        "tests/schemas/kitchen.toml",
        "tests/schemas/awkward.toml",
        "tests/schemas/grown.toml",
        "tests/diagnostics/sound-everything.toml",
        "tests/diagnostics/sound-defaults.toml",
        "tests/diagnostics/sound-streams.toml",
    ];
    let read = |sample| fs::read_to_string(root.join(sample)).expect("a sample");
    taplo(&samples.map(read)).expect(0);
}

#[test]
fn taplo_refuses_what_the_language_does_not_have() {
    testkit::needs!(node);
    let wrong = [
        "[tables.notes]\ndelet = \"hard\"\n",
        "[tables.notes]\ndelete = \"sotf\"\n",
        "[tables.notes.columns]\nbody = 5\n",
        "[tables.notes.columns]\nbody = { type = \"text\", nullable = true }\n",
        "[tables.notes]\nunique = [\"body\"]\n",
        "[tables.notes]\ntimestamps = \"yes\"\n",
        "[streams.all]\npriority = 4\n",
        "[sync]\nformt = \"streams\"\n",
        "[table.notes]\n",
    ];
    let sources = wrong.map(|source| format!("[project]\nname = \"app\"\n\n{source}"));
    let output = taplo(&sources).expect(1);
    for (at, source) in sources.iter().enumerate() {
        assert!(
            output.stderr.contains(&format!("source{at}.toml")),
            "{source}\n{output}"
        );
    }
    // Not for another reason.
    let sound = "[project]\nname = \"app\"\n\n[tables.notes]\ndelete = \"hard\"\n".to_owned();
    let output = taplo(&[sources[0].clone(), sound]).expect(1);
    assert!(!output.stderr.contains("source1.toml:"), "{output}");
}
