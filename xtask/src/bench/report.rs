//! The table of `bench generate`, and where tables go in docs/BENCHMARKS.md.

use std::fs;
use std::thread;

use super::measure::Usage;
use crate::{Result, workspace};

/// One contender at one size.
pub(crate) struct Row {
    /// Number of tables.
    pub(crate) tables: usize,
    /// The contender.
    pub(crate) name: &'static str,
    /// A first run, or one with nothing to do.
    pub(crate) fresh: bool,
    /// What its runs used, or why there are none.
    pub(crate) usages: Result<Vec<Usage>>,
}

/// All rows as Markdown, with a line on how they were measured.
pub(crate) fn markdown(rows: &[Row], runs: usize) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let large = runs.min(3);
    let mut text = format!(
        "`cargo xtask bench generate`: medians of {runs} alternating runs ({large} from 10,000 tables on), {cores} cores, {} {}. \
         Each table has 11 columns and 2 indexes. CPU is user + system time of the program and its children (getrusage), \
         peak the largest resident size of one process. Syncline writes all its targets, drizzle-kit one SQL migration \
         with its snapshot, sqlc Go structs. The ratio is CPU time over Syncline's for the same kind of run.\n\n\
         | tables | tool | run | CPU s | wall s | peak MiB | CPU ratio |\n|---:|---|---|---:|---:|---:|---:|\n",
        std::env::consts::OS,
        std::env::consts::ARCH,
    );
    for row in rows {
        text.push_str(&line(row, rows));
    }
    text
}

/// Puts the table of a bench into docs/BENCHMARKS.md, between its markers.
pub(crate) fn write(bench: &str, table: &str) -> Result<()> {
    let page = workspace::root().join("docs/BENCHMARKS.md");
    let old = fs::read_to_string(&page)
        .map_err(|error| format!("cannot read {}: {error}", page.display()))?;
    let new = replaced(&old, bench, table).ok_or_else(|| {
        let [start, end] = markers(bench);
        format!(
            "{} has no markers {start} and {end}: put them where the table goes",
            page.display()
        )
    })?;
    fs::write(&page, new).map_err(|error| format!("cannot write {}: {error}", page.display()))
}

fn line(row: &Row, rows: &[Row]) -> String {
    let Row {
        tables,
        name,
        fresh,
        usages,
    } = row;
    let run = if *fresh { "first" } else { "unchanged" };
    match usages {
        Err(reason) => {
            let reason = reason.replace('|', "\\|");
            format!("| {tables} | {name} | {run} | not measured: {reason} | | | |\n")
        }
        Ok(usages) => {
            let median = |value: fn(&Usage) -> f64| median(usages.iter().map(value).collect());
            let (cpu, wall, peak) = (
                median(Usage::cpu),
                median(|usage| usage.wall),
                median(|usage| usage.peak),
            );
            let ratio = ours(rows, *tables, *fresh)
                .map_or_else(String::new, |ours| format!("{:.1}", cpu / ours));
            format!("| {tables} | {name} | {run} | {cpu:.3} | {wall:.3} | {peak:.0} | {ratio} |\n")
        }
    }
}

/// Syncline's own CPU time for the same work.
fn ours(rows: &[Row], tables: usize, fresh: bool) -> Option<f64> {
    let row = rows
        .iter()
        .find(|row| row.name == "syncline" && row.tables == tables && row.fresh == fresh)?;
    let usages = row.usages.as_ref().ok()?;
    Some(median(usages.iter().map(Usage::cpu).collect()))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (
        values.get(values.len().saturating_sub(1) / 2),
        values.get(values.len() / 2),
    ) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    }
}

fn markers(bench: &str) -> [String; 2] {
    [
        format!("<!-- bench:{bench} -->"),
        format!("<!-- /bench:{bench} -->"),
    ]
}

fn replaced(page: &str, bench: &str, table: &str) -> Option<String> {
    let [start, end] = markers(bench);
    let (before, rest) = page.split_once(&start)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{start}\n{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let page = "above\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nbelow\n<!-- bench:b -->\n<!-- /bench:b -->\n";
        let wanted = page.replace("old", "new");
        assert_eq!(replaced(page, "a", "new\n"), Some(wanted));
        assert_eq!(replaced(page, "c", "new\n"), None);
    }

    #[test]
    fn ratios_compare_the_same_kind_of_run() {
        let usage = |user| Usage {
            user,
            system: 0.0,
            wall: user,
            peak: 8.0,
        };
        let row = |name, fresh, usages| Row {
            tables: 10,
            name,
            fresh,
            usages,
        };
        let rows = [
            row("syncline", true, Ok(vec![usage(0.5)])),
            row("drizzle-kit", true, Ok(vec![usage(1.0)])),
            row("sqlc", true, Err("no python3".into())),
        ];
        let text = markdown(&rows, 1);
        assert!(
            text.contains("| 10 | drizzle-kit | first | 1.000 | 1.000 | 8 | 2.0 |\n"),
            "{text}"
        );
        assert!(
            text.contains("| 10 | sqlc | first | not measured: no python3 | | | |\n"),
            "{text}"
        );
    }
}
