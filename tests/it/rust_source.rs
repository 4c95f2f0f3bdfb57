//! `[source] rust`: structs read from files, and what is said of mistakes in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use syncline_schema::{Code, Files, Loaded, load};

/// Files in memory. A glob is a path, or everything that ends in `.rs`.
struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| "it is not there".to_owned())
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        let all = self.0.keys().filter(|path| match pattern {
            "**/*.rs" => path.extension().is_some_and(|it| it == "rs"),
            path_of_one => *path == Path::new(path_of_one),
        });
        Ok(all.cloned().collect())
    }
}

fn read(pattern: &str, toml: &str, files: &[(&str, &str)]) -> Loaded {
    let main = format!("[project]\nname = \"x\"\n[source]\nrust = \"{pattern}\"\n{toml}");
    let files = files
        .iter()
        .map(|(path, text)| (path.into(), text.as_bytes().to_vec()));
    let main = std::iter::once((PathBuf::from("syncline.toml"), main.into_bytes()));
    load(
        &Memory(files.chain(main).collect()),
        Path::new("syncline.toml"),
    )
}

/// One file.
fn one(text: &str) -> Loaded {
    read("m.rs", "", &[("m.rs", text)])
}

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded
        .schema
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect()
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    loaded.diagnostics.iter().map(|found| found.code).collect()
}

/// `file:line:column` of every label.
fn places(loaded: &Loaded) -> Vec<String> {
    let labels = loaded.diagnostics.iter().flat_map(|found| &found.labels);
    let located = labels.filter_map(|label| loaded.sources.locate(label.place));
    located
        .map(|at| format!("{}:{}:{}", at.path.display(), at.line, at.column))
        .collect()
}

#[test]
fn modules_are_followed_in_their_order() {
    let loaded = read(
        "src/lib.rs",
        "",
        &[
            (
                "src/lib.rs",
                "mod b; pub mod a { mod inner; } #[path = \"odd/name.rs\"] mod c;\n#[cfg(test)] mod tests;\n#[derive(SyncTable)] pub struct Last { s: State }",
            ),
            (
                "src/b.rs",
                "mod deep;\n#[derive(Debug, syncline::SyncTable)] struct B { x: String }",
            ),
            (
                "src/b/deep.rs",
                "#[derive(SyncEnum)] enum State { On, Off }",
            ),
            (
                "src/a/inner/mod.rs",
                "#[derive(SyncTable)] struct A { x: String }",
            ),
            (
                "src/odd/name.rs",
                "#[derive(SyncTable)] struct C { x: String }",
            ),
            (
                "src/unseen.rs",
                "#[derive(SyncTable)] struct Unseen { x: String }",
            ),
        ],
    );
    assert_eq!(codes(&loaded), [], "{:#?}", loaded.diagnostics);
    assert_eq!(names(&loaded), ["b", "a", "c", "last"]);
    let state = loaded.schema.tables[3].column("s").expect("a column");
    let syncline_schema::model::Scalar::Enum(words) = &state.ty.scalar else {
        panic!("{:?}", state.ty);
    };
    assert_eq!(words.values, ["on", "off"]);
}

#[test]
fn a_file_that_two_ways_lead_to_is_read_once() {
    let loaded = read(
        "**/*.rs",
        "",
        &[
            ("src/a.rs", "#[derive(SyncTable)] struct A { x: String }"),
            ("src/mod.rs", "mod a;"),
        ],
    );
    assert_eq!((names(&loaded), codes(&loaded)), (vec!["a"], vec![]));
}

#[test]
fn a_table_in_both_forms_shows_both_places() {
    let loaded = read(
        "m.rs",
        "[tables.notes.columns]\nbody = \"text\"\n",
        &[(
            "m.rs",
            "// Ä\n#[derive(SyncTable)] struct Notes { body: String }",
        )],
    );
    assert_eq!(codes(&loaded), [Code::S020]);
    assert_eq!(places(&loaded), ["m.rs:2:29", "syncline.toml:5:9"]);
}

#[test]
fn both_forms_may_be_mixed() {
    let loaded = read(
        "m.rs",
        "[tables.folders.columns]\nname = \"text\"\n",
        &[(
            "m.rs",
            "#[derive(SyncTable)] struct Notes { #[sync(references = \"folders\")] folder_id: String }",
        )],
    );
    assert_eq!(
        (names(&loaded), codes(&loaded)),
        (vec!["folders", "notes"], vec![])
    );
}

#[test]
fn mistakes_are_found_together_and_drawn_at_their_place() {
    let loaded = one(
        "/* ü */ #[derive(SyncTable)]\n#[sync(delte)]\nstruct Notes {\n    a: u8,\n    b: Missing,\n    #[sync(default = 1)] c: bool,\n}\n#[derive(SyncTable)] struct Open { a: B C }\nmod gone;\n",
    );
    assert_eq!(
        codes(&loaded),
        [
            Code::S002,
            Code::S004,
            Code::S004,
            Code::S005,
            Code::S027,
            Code::S018
        ]
    );
    assert_eq!(
        places(&loaded),
        [
            "m.rs:2:8",
            "m.rs:4:8",
            "m.rs:5:8",
            "m.rs:6:22",
            "m.rs:6:26",
            "m.rs:8:41",
            "m.rs:9:5"
        ]
    );
}

#[test]
fn suppressions_stand_in_comments() {
    let source = "#[derive(SyncTable)]\n// syncline-ignore S014: names are public\n#[sync(unique = [{ columns = [\"a\"], global }])]\nstruct Notes { a: String }";
    assert_eq!(codes(&one(source)), []);
    assert_eq!(
        codes(&one(&source.replace("syncline-ignore", "ignore"))),
        [Code::S014]
    );
}

#[test]
fn hostile_files_give_one_clear_error() {
    let deep = |open: &str| open.repeat(100_000);
    for (text, code) in [
        (format!("fn a() {{ {} }}", deep("(")), Code::S019),
        (
            format!("#[derive(SyncTable)] struct A {{ a: {}u8 }}", deep("&")),
            Code::S019,
        ),
        (
            format!("#[derive(SyncTable)] struct A {{ a: {}u8 }}", deep("Vec<")),
            Code::S019,
        ),
        (
            format!(
                "#[derive(SyncTable)] struct A {{ a: [u8; {}1] }}",
                deep("1+")
            ),
            Code::S019,
        ),
        ("fn a() { \"".to_owned(), Code::S027),
        ("}".to_owned(), Code::S027),
        ("a\0b".to_owned(), Code::S018),
    ] {
        let loaded = one(&text);
        assert_eq!(codes(&loaded), [code], "{}", &text[..text.len().min(60)]);
    }
    // What does not nest is not too deep, however much of it there is.
    let long = format!(
        "#[derive(SyncTable)] struct A {{ a: String }} fn a() {{ {}1 }}",
        deep("1+")
    );
    assert_eq!(
        (names(&one(&long)), codes(&one(&long))),
        (vec!["a"], vec![])
    );
}

#[test]
fn users_of_the_derive_build_no_toml() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .current_dir(testkit::repo_root())
        .args([
            "tree",
            "--offline",
            "--locked",
            "--package",
            "syncline-models",
        ])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{lib}",
        ])
        .output()
        .expect("cargo tree");
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let tree = String::from_utf8_lossy(&tree.stdout);
    let crates: Vec<&str> = tree.lines().collect();
    assert!(crates.contains(&"syncline_macros"), "{tree}");
    for heavy in [
        "toml",
        "toml_parser",
        "sqlparser",
        "schemars",
        "minijinja",
        "syncline_codegen",
    ] {
        assert!(!crates.contains(&heavy), "{heavy} is in the derive's tree");
    }
}
