//! What other people's CI takes from here: the action, the hook, the text to copy in docs/CI.md.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const DRIFT: &str =
    "config: {edition: 3}\nstreams:\n  mine: {auto_subscribe: true, query: SELECT * FROM nodes}\n";

/// A folder whose sync config has drifted from its source.
fn app() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let source = "[project]\nname = \"app\"\n\n[tables.notes]\n[tables.notes.columns]\ntitle = \"text\"\n\n[check]\nsync_config = [\"sync.yaml\"]\n";
    fs::write(dir.path().join("syncline.toml"), source).expect("a source");
    fs::write(dir.path().join("sync.yaml"), DRIFT).expect("a sync config");
    dir
}

fn file(name: &str) -> String {
    fs::read_to_string(testkit::repo_root().join(name)).expect("a file of the repository")
}

fn judge(args: &[&str], text: &str) -> Value {
    let said = testkit::node::run("judge-report.mjs", args, text).expect(0);
    let said: Value = serde_json::from_str(&said.stdout).expect("JSON");
    assert_eq!(said["ok"], true, "{said:#}\n{text}");
    said["value"].clone()
}

/// Runs a step's script as the runner does, with this build of `syncline` on the PATH.
fn run(script: &str, dir: &Path, env: &[(&str, &str)]) -> (Option<i32>, String) {
    let bin = Path::new(env!("CARGO_BIN_EXE_syncline"))
        .parent()
        .expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(dir)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("GITHUB_OUTPUT", dir.join("output"))
        .envs(env.iter().copied())
        .output()
        .expect("bash");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), text)
}

#[test]
fn the_action_runs_check_and_fails_where_it_finds_drift() {
    testkit::needs!(node);
    let action = judge(&["yaml"], &file("action.yml"));
    assert_eq!(action["runs"]["using"], "composite");
    let steps = action["runs"]["steps"].as_array().expect("steps");
    let check = steps
        .iter()
        .find(|it| it["id"] == "check")
        .expect("the step");
    for step in steps {
        assert_eq!(
            step["shell"], "bash",
            "each step of a composite action names its shell"
        );
        let script = step["run"].as_str().expect("a script");
        assert!(
            !script.contains("${{"),
            "inputs come by the environment: {script}"
        );
        for (name, value) in step["env"].as_object().expect("an environment") {
            let value = value.as_str().expect("a text");
            let input = value
                .trim_start_matches("${{ inputs.")
                .trim_end_matches(" }}");
            let known =
                action["inputs"].get(input).is_some() || value.contains("github.action_path");
            assert!(known, "{name} is given {value}, which is no input");
        }
    }
    let script = check["run"].as_str().expect("a script");
    let dir = app();
    let (code, text) = run(script, dir.path(), &[("SYNCLINE_FORMAT", "github")]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("::error file=sync.yaml,line=3"), "{text}");
    let sarif = [
        ("SYNCLINE_FORMAT", "sarif"),
        ("SYNCLINE_FILE", "my report.sarif"),
        ("SYNCLINE_CONFIG", "syncline.toml"),
        ("SYNCLINE_DENY", "true"),
    ];
    let (code, text) = run(script, dir.path(), &sarif);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    let report = fs::read_to_string(dir.path().join("my report.sarif")).expect("a report");
    judge(&["sarif"], &report);
    let outputs = fs::read_to_string(dir.path().join("output")).expect("outputs");
    assert_eq!(outputs, "file=my report.sarif\n");
}

#[test]
fn the_hook_runs_check() {
    testkit::needs!(node);
    let hooks = judge(&["yaml"], &file(".pre-commit-hooks.yaml"));
    let hook = &hooks[0];
    for key in ["id", "name", "entry", "language"] {
        assert!(hook[key].is_string(), "{key}");
    }
    let page = file("docs/CI.md");
    let id = hook["id"].as_str().expect("an id");
    assert!(
        page.contains(&format!("- id: {id}")),
        "docs/CI.md names another hook"
    );
    let (code, _) = run(hook["entry"].as_str().expect("an entry"), app().path(), &[]);
    assert_eq!(code, Some(1));
}

#[test]
fn the_workflows_to_copy_are_sound() {
    testkit::needs!(node);
    let page = file("docs/CI.md");
    let blocks: Vec<_> = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|it| it.split("```").next())
        .collect();
    assert_eq!(blocks.len(), 3);
    let action = judge(&["yaml"], &file("action.yml"));
    for block in blocks {
        judge(&["actions"], block);
        let workflow = judge(&["yaml"], block);
        let steps = workflow["jobs"]["check"]["steps"]
            .as_array()
            .expect("steps");
        for step in steps.iter().filter(|it| it["uses"] == "./") {
            for input in step["with"].as_object().expect("inputs").keys() {
                assert!(
                    action["inputs"].get(input).is_some(),
                    "there is no input {input}"
                );
            }
        }
    }
}
