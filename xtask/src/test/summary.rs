//! Adds up what test binaries say about themselves.
//!
//! In: lines of `cargo test`. Out: the failed tests, the skipped ones with their reasons, and the last line.

use std::collections::BTreeMap;
use std::fmt;

/// What a test prints when it cannot run here: `syncline-skip: <test>: <reason>`.
const SKIP: &str = "syncline-skip: ";

/// The sums so far.
#[derive(Default)]
pub(crate) struct Summary {
    passed: usize,
    ignored: usize,
    failures: Vec<String>,
    /// Failures that `test result:` lines count.
    counted: usize,
    /// Failures of whole commands.
    broken: usize,
    skips: Vec<String>,
}

impl Summary {
    /// Reads one line of output.
    pub(crate) fn read(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some((_, skip)) = line.split_once(SKIP) {
            self.skips.push(skip.to_owned());
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count(counts, "passed");
            self.counted += count(counts, "failed");
            self.ignored += count(counts, "ignored");
        } else if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|test| test.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        }
    }

    /// Notes the failure of a whole command.
    pub(crate) fn fail(&mut self, what: String) {
        self.broken += 1;
        self.failures.push(what);
    }

    /// Notes a whole command that cannot run here.
    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        // A test that skips itself counts as passed, too.
        self.passed += 1;
        self.skips.push(format!("{what}: {why}"));
    }

    /// How many failed.
    pub(crate) fn failed(&self) -> usize {
        self.counted + self.broken
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out)?;
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for skip in &self.skips {
            let (test, reason) = skip.split_once(": ").unwrap_or(("", skip));
            reasons.entry(reason).or_default().push(test);
        }
        for (reason, tests) in reasons {
            writeln!(out, "skipped, {reason}: {}", tests.join(", "))?;
        }
        for failure in &self.failures {
            writeln!(out, "failed: {failure}")?;
        }
        // To the test binary, a test that skipped itself has passed.
        let passed = self.passed.saturating_sub(self.skips.len());
        writeln!(
            out,
            "{passed} passed, {} failed, {} skipped",
            self.failed(),
            self.ignored + self.skips.len()
        )
    }
}

/// 3 of `ok. 3 passed; 0 failed; …` for "passed".
fn count(counts: &str, what: &str) -> usize {
    let numbers = counts
        .split([';', '.'])
        .filter_map(|part| part.trim().split_once(' '));
    numbers
        .filter(|(_, word)| *word == what)
        .filter_map(|(number, _)| number.parse::<usize>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn sums_and_names() {
        let mut summary = Summary::default();
        for line in [
            "test a::one ... ok",
            "test a::two ... FAILED",
            "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "syncline-skip: a::three: no Node",
            "test a::four ... syncline-skip: a::four: no Node",
            "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            summary.read(line);
        }
        let said = "\nskipped, no Node: a::three, a::four\nfailed: a::two\n5 passed, 1 failed, 4 skipped\n";
        assert_eq!(summary.to_string(), said);
    }

    #[test]
    fn a_command_that_cannot_run_is_skipped() {
        let mut summary = Summary::default();
        summary.skip("cargo test in client", "no compiler");
        let said = "\nskipped, no compiler: cargo test in client\n0 passed, 0 failed, 1 skipped\n";
        assert_eq!(summary.to_string(), said);
    }

    #[test]
    fn a_broken_build_is_a_failure() {
        let mut summary = Summary::default();
        summary.fail("cargo test (exit status: 101)".into());
        assert_eq!(summary.failed(), 1);
    }
}
