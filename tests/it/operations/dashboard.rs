//! The dashboard and the alerts ask for metrics that are there, by labels that they have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::metrics::{make_busy, read, samples};
use super::stand::{Stand, eventually};

/// The labels of each metric that the server shows.
type Shown = BTreeMap<String, BTreeSet<String>>;

fn shown(text: &str) -> Shown {
    let mut all = Shown::new();
    for sample in samples(text).keys() {
        let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
        all.entry(name.to_owned())
            .or_default()
            .extend(names(labels));
    }
    all
}

/// `le` of `le="0.1",route="x"`.
fn names(labels: &str) -> impl Iterator<Item = String> {
    let before = labels.split('=').filter_map(|it| {
        let name = it
            .rsplit([',', '{', ' ', '"', '!', '~'])
            .find(|it| !it.is_empty())?;
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        (is_name && name.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| name.to_owned())
    });
    // What stands behind the last sign is a value.
    let count = labels.matches('=').count();
    before.take(count)
}

/// Each metric of a query with the labels it is asked by: `name{label="x"}` and `by (label)`.
fn asked(query: &str) -> Vec<(String, BTreeSet<String>)> {
    let by: BTreeSet<String> = query
        .split("by (")
        .skip(1)
        .filter_map(|it| it.split_once(')'))
        .flat_map(|(list, _)| list.split(',').map(|it| it.trim().to_owned()))
        .collect();
    let starts = query.match_indices("syncline_").map(|(at, _)| at);
    let metric = |at: usize| {
        let rest = &query[at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
        let mut labels = by.clone();
        if let Some(list) = rest.strip_prefix('{') {
            labels.extend(names(list.split('}').next().expect("a text")));
        }
        (name.to_owned(), labels)
    };
    starts.map(metric).collect()
}

fn queries(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| queries(it, into)),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "expr" || name == "query" => {
                        into.push(text.clone())
                    }
                    _ => queries(value, into),
                }
            }
        }
        _ => {}
    }
}

/// The `expr:` lines of the alerts in the manual.
fn alerts(page: &str) -> Vec<String> {
    let lines = page
        .lines()
        .filter_map(|it| it.trim().strip_prefix("expr: "));
    lines.map(str::to_owned).collect()
}

/// What is asked for and not shown, in words.
fn missing(shown: &Shown, queries: &[String]) -> Vec<String> {
    // What Prometheus itself adds.
    let own = ["instance", "job"];
    let mut wrong = Vec::new();
    for query in queries {
        let asked = asked(query);
        if asked.is_empty() {
            wrong.push(format!("`{query}` asks for no metric of the server"));
        }
        for (name, labels) in asked {
            let Some(has) = shown.get(&name) else {
                wrong.push(format!("`{query}`: there is no {name}"));
                continue;
            };
            let lacks = labels
                .iter()
                .filter(|it| !has.contains(*it) && !own.contains(&it.as_str()));
            wrong.extend(lacks.map(|label| format!("`{query}`: {name} has no label {label}")));
        }
    }
    wrong
}

#[test]
fn queries_are_taken_apart() {
    let shown = shown("syncline_a_bucket{route=\"/x=y\",le=\"1\"} 2\nsyncline_b 1\n");
    let ask = |query: &str| missing(&shown, &[query.to_owned()]).len();
    assert_eq!(
        ask("sum by (le, route) (rate(syncline_a_bucket{route!=\"/healthz\"}[5m]))"),
        0
    );
    assert_eq!(
        ask("syncline_a_bucket{route=~\"/x|/y\",le=\"1\"} / syncline_b"),
        0
    );
    assert_eq!(ask("rate(syncline_c[5m])"), 1);
    assert_eq!(ask("sum by (table) (syncline_b)"), 1);
    assert_eq!(ask("syncline_b{verdict=\"x\"}"), 1);
    assert_eq!(ask("up"), 1);
}

#[test]
fn the_dashboard_and_the_alerts_ask_for_what_is_there() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let _slot = make_busy(&stand);
    eventually("the database is measured", || {
        read(&stand).contains("slot=")
    });
    let shown = shown(&read(&stand));

    let docs = testkit::repo_root().join("docs");
    let dashboard = fs::read_to_string(docs.join("grafana-dashboard.json")).expect("a dashboard");
    let dashboard: Value = serde_json::from_str(&dashboard).expect("JSON");
    let mut all = Vec::new();
    queries(&dashboard["panels"], &mut all);
    assert!(all.len() > 10, "{all:#?}");
    let alerts = alerts(&fs::read_to_string(docs.join("OPERATIONS.md")).expect("a page"));
    assert!(alerts.len() > 5, "{alerts:#?}");
    all.extend(alerts);
    assert_eq!(missing(&shown, &all), Vec::<String>::new());

    // And nothing is measured that nobody looks at.
    let asked: BTreeSet<String> = all
        .iter()
        .flat_map(|it| asked(it))
        .map(|(name, _)| name)
        .collect();
    for name in shown.keys() {
        let base = name.trim_end_matches("_sum").trim_end_matches("_count");
        let looked_at = asked
            .iter()
            .any(|it| it == name || it.starts_with(&format!("{base}_bucket")));
        assert!(looked_at, "{name} is in no panel");
    }
}
