//! Holds what devices were told against what the database saw and keeps.

use std::collections::BTreeMap;

use serde_json::Value;

use super::audit::{Effect, Letter};
use super::device::Sent;

/// All that is wrong, a line each. `sent` is in order for each device.
pub(super) fn check(sent: &[Sent], effects: &[Effect], letters: &[Letter]) -> Vec<String> {
    let mut wrong = Vec::new();
    foreign(effects, &mut wrong);
    let mut by_name: BTreeMap<&str, Vec<&Effect>> = BTreeMap::new();
    for effect in effects {
        by_name.entry(&effect.what).or_default().push(effect);
    }
    let mut last: BTreeMap<&str, &Effect> = BTreeMap::new();
    for sent in sent {
        let name = format!(
            "{} {} (op id {})",
            sent.client, sent.work.serial, sent.work.op_id
        );
        let mut say = |what: String| wrong.push(format!("{name}: {what}"));
        let seen: Vec<&Effect> = sent
            .work
            .effects
            .iter()
            .flat_map(|it| by_name.remove(it.as_str()).unwrap_or_default())
            .collect();
        if let Some(verdict) = verdict_is_wrong(sent) {
            say(verdict);
        }
        if !sent.work.refused {
            if seen.is_empty() && !sent.work.effects.is_empty() && sent.verdict.is_some() {
                say("lost: acknowledged, and never applied".into());
            } else if seen.len() > sent.work.effects.len() {
                say(format!("applied more than once: {:?}", whats(&seen)));
            } else if !seen.is_empty() && seen.len() < sent.work.effects.len() {
                say(format!(
                    "applied in part: {:?} of {:?}",
                    whats(&seen),
                    sent.work.effects
                ));
            }
        }
        if seen.iter().any(|it| it.transaction != seen[0].transaction) {
            say("not atomic: applied in more than one transaction".into());
        }
        if let (Some(first), Some(end)) = (
            seen.iter().min_by_key(|it| it.number),
            seen.iter().max_by_key(|it| it.number),
        ) {
            let before = last.insert(&sent.client, end);
            // Within one transaction of the database, nobody sees an order.
            let is_later = |before: &&Effect| {
                before.number > first.number && before.transaction != first.transaction
            };
            if before.is_some_and(|before| is_later(&before)) {
                say("out of order: applied before one that came before it".into());
            }
        }
        let count = letters.iter().filter(|letter| is_of(letter, sent)).count();
        match (sent.work.refused, &sent.verdict, count) {
            (false, _, 0) | (true, Some(_), 1) | (true, None, 0 | 1) => {}
            (true, Some(_), 0) => say("lost: refused, and there is no dead letter".into()),
            (_, _, count) => say(format!("{count} dead letters")),
        }
    }
    for letter in letters {
        if !sent.iter().any(|sent| is_of(letter, sent)) {
            wrong.push(format!("a dead letter that nobody sent: {letter:?}"));
        }
    }
    // What is left was in no transaction that should have an effect.
    for (what, effects) in by_name {
        wrong.push(format!(
            "an effect of what should have had none: {what}, {} times",
            effects.len()
        ));
    }
    wrong
}

/// No write has changed, or come under, another owner.
fn foreign(effects: &[Effect], wrong: &mut Vec<String>) {
    for effect in effects {
        let [before, after] = &effect.owners;
        let own = |owner: &str| {
            effect.what.starts_with("delete ") || effect.what.starts_with(&format!("{owner}/"))
        };
        let moved = before.is_some() && before != after;
        if moved || effect.id.starts_with("victim") || after.as_deref().is_some_and(|it| !own(it)) {
            wrong.push(format!("another owner's row: {effect:?}"));
        }
    }
}

fn verdict_is_wrong(sent: &Sent) -> Option<String> {
    let verdict = sent.verdict.as_deref()?;
    let fits = match verdict {
        "applied" => !sent.work.refused,
        "rejected" => sent.work.refused,
        other => other == "duplicate",
    };
    (!fits).then(|| format!("`{verdict}` is not the verdict on {:?}", sent.work.ops))
}

fn is_of(letter: &Letter, sent: &Sent) -> bool {
    letter.user == sent.user
        && letter.client == sent.client
        && letter.op_id == sent.work.op_id.to_string()
        && letter.ops == Value::from(sent.work.ops.clone())
}

fn whats<'a>(effects: &[&'a Effect]) -> Vec<&'a str> {
    effects.iter().map(|it| it.what.as_str()).collect()
}
