//! Schemas and native enum types.

use syncline_schema::Schema;
use syncline_schema::model::EnumType;

use super::{Pair, Renames, Step, facts};

pub(super) fn diff(schemas: Pair<&Schema>, renames: &Renames, steps: &mut Vec<Step>) {
    let spaces = Pair {
        previous: facts::spaces(schemas.previous),
        next: facts::spaces(schemas.next),
    };
    let created = spaces
        .next
        .iter()
        .filter(|it| !spaces.previous.contains(it));
    steps.extend(created.map(|it| Step::CreateSchema((*it).to_owned())));
    let types = Pair {
        previous: facts::enums(schemas.previous),
        next: facts::enums(schemas.next),
    };
    let find = |list: &[&EnumType], name: &Option<String>| {
        list.iter()
            .find(|it| it.native == *name)
            .map(|it| (*it).clone())
    };
    for next in &types.next {
        match find(&types.previous, &next.native) {
            Some(previous) => values(
                Pair {
                    previous: &previous,
                    next,
                },
                renames,
                steps,
            ),
            None => steps.push(Step::CreateEnum((*next).clone())),
        }
    }
    let dropped = types
        .previous
        .iter()
        .filter(|it| find(&types.next, &it.native).is_none());
    steps.extend(
        dropped
            .filter_map(|it| it.native.clone())
            .map(Step::DropEnum),
    );
    let dropped = spaces
        .previous
        .iter()
        .filter(|it| !spaces.next.contains(it));
    steps.extend(dropped.map(|it| Step::DropSchema((*it).to_owned())));
}

/// Words that go cannot be taken out of a type; they stay, and nothing uses them.
fn values(types: Pair<&EnumType>, renames: &Renames, steps: &mut Vec<Step>) {
    let Some(name) = &types.next.native else {
        return;
    };
    let mut words = types.previous.values.clone();
    for (from, to) in renames.type_words(name) {
        if let Some(at) = words.iter().position(|it| it == from)
            && !words.iter().any(|it| it == to)
            && types.next.values.iter().any(|it| it == to)
        {
            words[at] = to.to_owned();
            steps.push(Step::RenameEnumValue {
                name: name.clone(),
                from: from.to_owned(),
                to: to.to_owned(),
            });
        }
    }
    for (at, value) in types.next.values.iter().enumerate() {
        if words.contains(value) {
            continue;
        }
        let after = types.next.values[at + 1..].iter();
        let before = after.clone().find(|it| words.contains(it)).cloned();
        let place = before
            .as_ref()
            .and_then(|it| words.iter().position(|word| word == it));
        words.insert(place.unwrap_or(words.len()), value.clone());
        steps.push(Step::AddEnumValue {
            name: name.clone(),
            value: value.clone(),
            before,
        });
    }
}
