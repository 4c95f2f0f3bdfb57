//! The README's tour is run, command by command: what it shows is what is said.
//!
//! A line `…` stands for any lines, `…` within a line for any text. Times are not compared.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A command of the tour, and the output that the README shows.
struct Step {
    command: String,
    shown: Vec<String>,
}

fn steps() -> Vec<Step> {
    let readme = fs::read_to_string(testkit::repo_root().join("README.md")).expect("README.md");
    let tour = readme
        .split("<!-- tour -->")
        .nth(1)
        .and_then(|rest| rest.split("<!-- end -->").next());
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in tour.expect("a tour").lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            steps.push(Step {
                command: command.to_owned(),
                shown: Vec::new(),
            });
        } else if let Some(step) = steps.last_mut().filter(|_| inside) {
            step.shown.push(line.to_owned());
        }
    }
    steps
}

/// Runs the commands in one shell, and gives what each said, both streams in their order.
fn run(steps: &[Step], folder: &Path) -> Vec<String> {
    const MARK: &str = "\u{1}";
    let binaries = Path::new(env!("CARGO_BIN_EXE_syncline"))
        .parent()
        .expect("a folder");
    let mut script = String::from("exec 2>&1\n");
    for step in steps {
        // The mark must not change what `$?` says to the next command.
        script.push_str(&format!(
            "code=$?; printf '{MARK}'; (exit $code)\n{}\n",
            step.command
        ));
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", binaries.display()))
        .env("NO_COLOR", "1")
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.split(MARK).skip(1).map(str::to_owned).collect()
}

/// Does the text match a pattern in which `…` stands for anything?
fn matches(shown: &str, said: &str) -> bool {
    let mut rest = said;
    for (at, part) in shown.split('…').enumerate() {
        match rest.find(part) {
            Some(found) if at > 0 || found == 0 => rest = &rest[found + part.len()..],
            _ => return false,
        }
    }
    rest.is_empty() || shown.ends_with('…')
}

/// Without what differs from run to run: `in 12 ms`.
fn timeless(line: &str) -> String {
    match line.rsplit_once(", in ") {
        Some((before, time)) if time.ends_with(" ms") => before.to_owned(),
        _ => line.to_owned(),
    }
}

#[test]
#[cfg(unix)]
fn the_tour_is_what_happens() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let steps = steps();
    assert!(steps.len() >= 10, "{} steps", steps.len());
    let said = run(&steps, folder.path());
    assert_eq!(said.len(), steps.len(), "{said:?}");
    for (step, said) in steps.iter().zip(said) {
        let shown: Vec<_> = step.shown.iter().map(|line| timeless(line)).collect();
        let said: Vec<_> = said.lines().map(timeless).collect();
        let (shown, said) = (shown.join("\n"), said.join("\n"));
        let same = matches(shown.trim_end(), said.trim_end());
        assert!(
            same,
            "$ {}\n-- README.md\n{shown}\n-- but it says\n{said}",
            step.command
        );
    }
}

#[test]
fn links_lead_to_files() {
    let root = testkit::repo_root();
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/ARCHITECTURE.md",
        "docs/SCHEMA.md",
    ] {
        let text = fs::read_to_string(root.join(page)).expect("a page");
        let folder = Path::new(page).parent().expect("a folder");
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let path = link.split('#').next().unwrap_or_default();
            let elsewhere = path.is_empty() || path.contains("://");
            assert!(
                elsewhere || root.join(folder).join(path).exists(),
                "{page}: {link}"
            );
        }
    }
}
