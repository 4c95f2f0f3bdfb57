//! The command line as a user meets it: what it writes, what it says, how it exits.

use std::fs;
use std::path::Path;

use testkit::Output;

const SCHEMA: &str =
    "[project]\nname = \"app\"\n\n[tables.notes]\n[tables.notes.columns]\ntitle = \"text\"\n";

/// A folder with a schema source.
fn app(schema: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("syncline.toml"), schema).expect("a source");
    dir
}

fn syncline(dir: &Path, args: &[&str]) -> Output {
    testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir)
}

/// Every file below a folder with its bytes, sorted.
fn tree(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).expect("below").display().to_string();
                files.push((name, fs::read(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let dir = app(SCHEMA);
    let first = syncline(dir.path(), &["generate"]).expect(0);
    assert!(first.stderr.contains("files written"), "{first}");
    assert!(first.stdout.is_empty(), "{first}");
    let before = tree(dir.path());
    let second = syncline(dir.path(), &["generate"]).expect(0);
    assert!(second.stderr.contains("nothing changed"), "{second}");
    assert_eq!(tree(dir.path()), before);
    // Without the shortcut as well.
    fs::remove_file(dir.path().join("generated/.cache.json")).expect("a cache");
    let third = syncline(dir.path(), &["generate"]).expect(0);
    assert!(third.stderr.contains("nothing changed"), "{third}");
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn two_folders_get_the_same_bytes() {
    let (one, other) = (app(SCHEMA), app(SCHEMA));
    for dir in [&one, &other] {
        syncline(dir.path(), &["generate"]).expect(0);
        fs::remove_file(dir.path().join("generated/.cache.json")).expect("a cache");
    }
    assert_eq!(tree(one.path()), tree(other.path()));
}

#[test]
fn check_names_stale_missing_orphan_and_stray_files() {
    let dir = app(SCHEMA);
    let generated = dir.path().join("generated");
    syncline(dir.path(), &["generate"]).expect(0);
    syncline(dir.path(), &["generate", "--check"]).expect(0);
    fs::write(
        generated.join("ts/pg.ts"),
        "// Made by Syncline from syncline.toml. Do not edit.\nbroken\n",
    )
    .expect("written");
    fs::remove_dir_all(generated.join("rust")).expect("removed");
    fs::write(generated.join("ts/mine.ts"), "export const mine = 1;\n").expect("written");
    fs::write(
        generated.join("ts/old.ts"),
        "// Made by Syncline from syncline.toml. Do not edit.\n",
    )
    .expect("written");
    let before = tree(dir.path());
    let check = syncline(dir.path(), &["generate", "--check", "--diff"]).expect(1);
    for line in [
        "error[T003]: generated/ts/pg.ts is stale",
        "error[T004]: generated/rust/Cargo.toml is missing",
        "error[T005]: generated/ts/mine.ts is not a generated file",
        "error[T005]: generated/ts/old.ts is an orphan",
    ] {
        assert!(check.stderr.contains(line), "{line}\n{check}");
    }
    assert!(
        check
            .stdout
            .contains("--- generated/ts/pg.ts\n+++ generated/ts/pg.ts\n"),
        "{check}"
    );
    assert!(check.stdout.contains("\n-broken\n"), "{check}");
    assert_eq!(tree(dir.path()), before, "--check wrote something");
    // Writing mends all but the user's own file, which it names and leaves.
    let write = syncline(dir.path(), &["generate"]).expect(0);
    assert!(
        write.stderr.contains("warning[T005]: generated/ts/mine.ts"),
        "{write}"
    );
    assert!(generated.join("ts/mine.ts").exists());
    assert!(!generated.join("ts/old.ts").exists());
    fs::remove_file(generated.join("ts/mine.ts")).expect("removed");
    syncline(dir.path(), &["generate", "--check"]).expect(0);
}

#[test]
fn a_file_of_the_users_is_never_overwritten() {
    let dir = app(SCHEMA);
    let mine = dir.path().join("generated/ts/pg.ts");
    fs::create_dir_all(mine.parent().expect("a folder")).expect("made");
    fs::write(&mine, "export const mine = 1;\n").expect("written");
    let run = syncline(dir.path(), &["generate"]).expect(1);
    assert!(
        run.stderr.contains("error[T002]: generated/ts/pg.ts"),
        "{run}"
    );
    assert_eq!(
        tree(&dir.path().join("generated")).len(),
        1,
        "a blocked run wrote something"
    );
    assert_eq!(
        fs::read_to_string(&mine).expect("a file"),
        "export const mine = 1;\n"
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let dir = app(SCHEMA);
    let outside = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir_all(dir.path().join("generated")).expect("made");
    std::os::unix::fs::symlink(outside.path(), dir.path().join("generated/ts")).expect("linked");
    syncline(dir.path(), &["generate"]).expect(1);
    assert!(tree(outside.path()).is_empty());
}

#[test]
fn one_target_leaves_the_others_alone() {
    let dir = app(SCHEMA);
    syncline(dir.path(), &["generate"]).expect(0);
    let before = tree(dir.path());
    fs::remove_file(dir.path().join("generated/ts/pg.ts")).expect("removed");
    syncline(dir.path(), &["generate", "--target", "drizzle_pg"]).expect(0);
    assert_eq!(tree(dir.path()), before);
    // Even where the manifest is gone.
    fs::remove_file(dir.path().join("generated/manifest.json")).expect("removed");
    syncline(dir.path(), &["generate", "--target", "drizzle_pg"]).expect(0);
    assert!(dir.path().join("generated/ts/sqlite.ts").exists());
    syncline(dir.path(), &["generate"]).expect(0);
    syncline(dir.path(), &["generate", "--check"]).expect(0);
}

#[test]
fn errors_write_nothing_and_exit_1() {
    let dir = app(SCHEMA);
    syncline(dir.path(), &["generate"]).expect(0);
    let before = tree(&dir.path().join("generated"));
    fs::write(
        dir.path().join("syncline.toml"),
        SCHEMA.replace("\"text\"", "\"txt\""),
    )
    .expect("written");
    let run = syncline(dir.path(), &["generate"]).expect(1);
    assert!(run.stderr.contains("error[S004]"), "{run}");
    assert!(run.stderr.contains("syncline.toml:6:9"), "{run}");
    assert_eq!(tree(&dir.path().join("generated")), before);
    let json = syncline(dir.path(), &["generate", "--format", "json"]).expect(1);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(report["diagnostics"][0]["code"], "S004");
    assert_eq!(report["diagnostics"][0]["labels"][0]["line"], 6);
    assert_eq!(report["diagnostics"][0]["labels"][0]["column"], 9);
}

#[test]
fn what_cannot_be_done_exits_2() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    let none = syncline(empty.path(), &["generate"]).expect(2);
    assert!(none.stderr.contains("there is no syncline.toml"), "{none}");
    let dir = app(SCHEMA);
    let target = syncline(dir.path(), &["generate", "--target", "drizle_pg"]).expect(2);
    assert!(
        target.stderr.contains("did you mean `drizzle_pg`?"),
        "{target}"
    );
    for usage in [
        &["generate", "--chek"][..],
        &["generat"],
        &["generate", "--diff"],
        &["explain", "S999"],
        &[],
    ] {
        syncline(dir.path(), usage).expect(2);
    }
    for fine in [
        &["--help"][..],
        &["--version"],
        &["generate", "--help"],
        &["explain"],
        &["explain", "s001"],
    ] {
        syncline(dir.path(), fine).expect(0);
    }
}

#[test]
fn denied_warnings_exit_1() {
    let dir = app(&SCHEMA.replace(
        "[tables.notes]\n",
        "[tables.notes]\nunique = [{ columns = [\"title\"], global = true }]\n",
    ));
    for verb in ["generate", "check"] {
        let warned = syncline(dir.path(), &[verb]).expect(0);
        assert!(warned.stderr.contains("warning[S014]"), "{warned}");
        syncline(dir.path(), &[verb, "--deny", "warnings"]).expect(1);
    }
}

#[test]
fn the_source_is_found_from_below() {
    let dir = app(SCHEMA);
    let below = dir.path().join("src/deep");
    fs::create_dir_all(&below).expect("made");
    syncline(&below, &["generate"]).expect(0);
    assert!(dir.path().join("generated/ts/pg.ts").exists());
}

#[test]
fn init_writes_a_starter_that_is_clean_and_never_overwrites() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let new = dir.path().join("My App");
    syncline(dir.path(), &["init", "My App"]).expect(0);
    let text = fs::read_to_string(new.join("syncline.toml")).expect("a starter");
    assert!(text.contains("name = \"my-app\""), "{text}");
    syncline(&new, &["fmt", "--check"]).expect(0);
    syncline(&new, &["generate", "--deny", "warnings"]).expect(0);
    syncline(&new, &["check", "--deny", "warnings"]).expect(0);
    fs::write(new.join("syncline.toml"), SCHEMA).expect("written");
    syncline(dir.path(), &["init", "My App"]).expect(1);
    assert_eq!(
        fs::read_to_string(new.join("syncline.toml")).expect("a source"),
        SCHEMA
    );
}

#[test]
fn fmt_checks_before_it_writes() {
    let dir = app("[project]\nname=\"app\"\n");
    let check = syncline(dir.path(), &["fmt", "--check"]).expect(1);
    assert!(
        check.stderr.contains("syncline.toml is not formatted"),
        "{check}"
    );
    syncline(dir.path(), &["fmt"]).expect(0);
    let text = fs::read_to_string(dir.path().join("syncline.toml")).expect("a source");
    assert_eq!(text, "[project]\nname = \"app\"\n");
    fs::write(dir.path().join("syncline.toml"), "[project\nname=1").expect("written");
    syncline(dir.path(), &["fmt"]).expect(1);
    assert_eq!(
        fs::read_to_string(dir.path().join("syncline.toml")).expect("a source"),
        "[project\nname=1"
    );
}

#[test]
fn included_files_are_read_and_an_edit_of_one_is_seen() {
    let dir = app("include = [\"schema/*.toml\"]\n\n[project]\nname = \"app\"\n");
    fs::create_dir(dir.path().join("schema")).expect("made");
    let table =
        |name: &str| format!("[tables.{name}]\n[tables.{name}.columns]\ntitle = \"text\"\n");
    fs::write(dir.path().join("schema/a.toml"), table("alpha")).expect("written");
    syncline(dir.path(), &["generate"]).expect(0);
    syncline(dir.path(), &["generate", "--check"]).expect(0);
    fs::write(
        dir.path().join("schema/a.toml"),
        table("alpha").replace("text", "text?"),
    )
    .expect("written");
    syncline(dir.path(), &["generate", "--check"]).expect(1);
    syncline(dir.path(), &["generate"]).expect(0);
    // A new file that the glob matches is a change too.
    fs::write(dir.path().join("schema/b.toml"), table("beta")).expect("written");
    syncline(dir.path(), &["generate", "--check"]).expect(1);
}

#[test]
fn the_editor_schema_in_docs_is_current() {
    let root = testkit::repo_root();
    let printed = syncline(&root, &["schema", "--editor"]).expect(0);
    let kept =
        fs::read_to_string(root.join("docs/syncline.schema.json")).expect("the editor schema");
    assert_eq!(
        printed.stdout, kept,
        "run: cargo run -- schema --editor > docs/syncline.schema.json"
    );
}

#[test]
fn the_checked_in_output_is_current_and_the_example_is_clean() {
    let root = testkit::repo_root();
    syncline(&root, &["generate", "--check", "--deny", "warnings"]).expect(0);
    syncline(&root, &["check", "--deny", "warnings"]).expect(0);
}

/// A process that watches, and its lines.
struct Watching {
    child: std::process::Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Watching {
    fn start(folder: &Path, args: &[&str]) -> Self {
        use std::io::{BufRead, BufReader};
        use std::process::{Command, Stdio};

        let mut child = Command::new(env!("CARGO_BIN_EXE_syncline"))
            .args(args)
            .current_dir(folder)
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Self {
            child,
            lines: receiver,
        }
    }

    /// Waits for a line that holds this.
    fn wait_for(&self, wanted: &str) {
        let mut seen = Vec::new();
        let patience = std::time::Duration::from_secs(20);
        while let Ok(line) = self.lines.recv_timeout(patience) {
            let hit = line.contains(wanted);
            seen.push(line);
            if hit {
                return;
            }
        }
        panic!("waited for {wanted:?}, saw {seen:#?}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn watch_runs_again_on_save_and_lives_through_errors() {
    let dir = app(SCHEMA);
    let watching = Watching::start(dir.path(), &["generate", "--watch"]);
    let source = dir.path().join("syncline.toml");
    watching.wait_for("watching");
    fs::write(&source, SCHEMA.replace("\"text\"", "\"txt\"")).expect("written");
    watching.wait_for("S004");
    watching.wait_for("watching");
    fs::write(&source, SCHEMA.replace("title", "headline")).expect("written");
    watching.wait_for("written");
    let sqlite = fs::read_to_string(dir.path().join("generated/ts/sqlite.ts")).expect("a file");
    assert!(sqlite.contains("headline"), "{sqlite}");
}

#[test]
fn files_without_a_source_are_watched_as_well() {
    let case = testkit::repo_root().join("tests/pairs/time_as_a_number");
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in ["sqlite.ts", "pg.ts", "sync-config.yaml"] {
        fs::copy(case.join("clean").join(name), dir.path().join(name)).expect("copied");
    }
    let args = [
        "check",
        "--watch",
        "--drizzle-sqlite",
        "sqlite.ts",
        "--drizzle-pg",
        "pg.ts",
        "--sync-config",
        "sync-config.yaml",
    ];
    let watching = Watching::start(dir.path(), &args);
    watching.wait_for("no drift");
    watching.wait_for("watching 3 files");
    fs::copy(case.join("drift/sqlite.ts"), dir.path().join("sqlite.ts")).expect("copied");
    watching.wait_for("every date reads as 1970");
}

/// The light compiler is what a team without the other verbs builds in CI: it must stay small.
#[test]
fn the_light_compiler_has_no_tls_async_runtime_or_typescript_parser() {
    let tree = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "syncline",
            "--no-default-features",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
        ])
        .current_dir(testkit::repo_root())
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&tree.stdout);
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(names.contains(&"syncline-schema"), "{tree}");
    for heavy in [
        "rustls",
        "ring",
        "aws-lc-rs",
        "openssl",
        "native-tls",
        "tokio",
        "async-std",
        "smol",
        "hyper",
    ] {
        assert!(!names.contains(&heavy), "{heavy} is in the light compiler");
    }
    assert!(
        !names.iter().any(|name| name.starts_with("oxc")),
        "oxc is in the light compiler"
    );
}

#[test]
fn two_files_are_compared_without_a_source() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let case = testkit::repo_root().join("tests/pairs/time_as_a_number");
    let check = |part: &str| {
        let file = |name: &str| case.join(part).join(name).display().to_string();
        let (sqlite, pg, config) = (file("sqlite.ts"), file("pg.ts"), file("sync-config.yaml"));
        let args = [
            "check",
            "--drizzle-sqlite",
            &sqlite,
            "--drizzle-pg",
            &pg,
            "--sync-config",
            &config,
        ];
        syncline(dir.path(), &args)
    };
    let drift = check("drift").expect(1);
    assert!(drift.stderr.contains("every date reads as 1970"), "{drift}");
    let clean = check("clean").expect(0);
    assert!(
        clean
            .stderr
            .contains("no drift: 3 files against each other"),
        "{clean}"
    );
    syncline(dir.path(), &["check"]).expect(2);
    // One alone has nothing to be compared with.
    let pg = case.join("clean/pg.ts").display().to_string();
    syncline(dir.path(), &["check", "--drizzle-pg", &pg]).expect(2);
    // What a sync config says can be judged by itself.
    let config = case.join("clean/sync-config.yaml").display().to_string();
    let alone = syncline(dir.path(), &["check", "--sync-config", &config]).expect(0);
    assert!(alone.stderr.contains("1 file by itself"), "{alone}");
}
