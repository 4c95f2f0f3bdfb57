//! The type of a column: of Drizzle's own builders, and of those that a file makes with
//! `customType` and `pgEnum`.

use super::super::{Mode, PgType, ReadType};
use super::Dialect;
use super::builders::{self, Options, Setting};
use super::column::{Base, Said};
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Entry, Expr, Kind};

/// The type of the column with this call at its root.
///
/// # Errors
/// Says why it cannot be known.
pub(super) fn kind<'m>(
    program: &'m Program,
    dialect: Dialect,
    base: &Base<'m>,
    options: &Options,
    said: &Said<'_>,
) -> Result<ReadType, String> {
    if let Some(why) = &said.unknown {
        return Err(why.clone());
    }
    let mut kind = match &base.callee {
        Value::Drizzle(call) => builders::type_of(dialect, call, options)?,
        Value::Expr(made, scope) => made_type(program, dialect, made, scope)?,
        _ => return Err("it is no call of a column builder".to_owned()),
    };
    if let ReadType::Postgres(ty, _) = &mut kind {
        ty.array |= said.array;
    }
    Ok(kind)
}

/// The type behind a builder that the file itself makes: `customType` or `pgEnum`.
fn made_type<'m>(
    program: &'m Program,
    dialect: Dialect,
    made: &'m Expr,
    scope: &Scope<'m>,
) -> Result<ReadType, String> {
    let Kind::Call(callee, args) = &made.kind else {
        return Err("it is no call of a column builder".to_owned());
    };
    if let Kind::Member(_, method) = &callee.kind
        && method == "enum"
    {
        return enum_type(program, args, scope);
    }
    match (program.value(callee, scope), args.as_slice()) {
        (Value::Drizzle(call), [_, _]) if call == "pgEnum" => enum_type(program, args, scope),
        (Value::Drizzle(call), [config]) if call == "customType" => {
            let why = || "the data type of a custom type depends on its options".to_owned();
            let Value::Expr(object, inner) = program.value(config, scope) else {
                return Err(why());
            };
            let Kind::Object(entries) = &object.kind else {
                return Err(why());
            };
            let Some(Value::Expr(function, inner)) = program.field(entries, "dataType", &inner)
            else {
                return Err(why());
            };
            let Kind::Function(function) = &function.kind else {
                return Err(why());
            };
            let (result, inside) = program.bind(function, &inner, Vec::new()).ok_or_else(why)?;
            let data_type = program.text(result, &inside).map_err(|_| why())?;
            Ok(builders::custom(dialect, &data_type))
        }
        (Value::Unknown(why), _) => Err(why),
        _ => Err("it is no call of a column builder".to_owned()),
    }
}

fn enum_type<'m>(
    program: &'m Program,
    args: &'m [Expr],
    scope: &Scope<'m>,
) -> Result<ReadType, String> {
    let [name, values] = args else {
        return Err("an enum has a name and words".to_owned());
    };
    let ty = PgType {
        name: program.text(name, scope)?,
        args: Vec::new(),
        array: false,
    };
    let words = match setting(program, values, scope)? {
        Some(Setting::Words(words)) => words,
        _ => return Err("the words of an enum are no list".to_owned()),
    };
    Ok(ReadType::Postgres(ty, Mode::Words(words)))
}

/// The options object of a builder.
pub(super) fn options<'m>(program: &'m Program, config: &'m Expr, scope: &Scope<'m>) -> Options {
    let mut found = Options::default();
    let (object, scope) = match program.value(config, scope) {
        Value::Expr(it, scope) => (it, scope),
        Value::Unknown(why) => {
            found.unknown = Some(why);
            return found;
        }
        _ => return found,
    };
    let Kind::Object(entries) = &object.kind else {
        found.unknown = Some("its options are no object".to_owned());
        return found;
    };
    for entry in entries {
        let Entry::Field { key, value, .. } = entry else {
            found.unknown = Some("its options are not written out".to_owned());
            continue;
        };
        match setting(program, value, &scope) {
            Ok(Some(value)) => found.list.push((key.clone(), value)),
            Ok(None) => {}
            Err(why) => found.unknown = Some(why),
        }
    }
    found
}

/// The value of an option; none where it is of a kind that decides no type.
fn setting<'m>(
    program: &'m Program,
    value: &'m Expr,
    scope: &Scope<'m>,
) -> Result<Option<Setting>, String> {
    if let Kind::Call(callee, args) = &value.kind
        && let Ok(words) = object_values(program, callee, args, scope)
    {
        return Ok(Some(Setting::Words(words)));
    }
    Ok(match program.value(value, scope) {
        Value::Text(text) => Some(Setting::Text(text)),
        Value::Expr(it, scope) => match &it.kind {
            Kind::Number(number) => Some(Setting::Number(*number)),
            Kind::Bool(on) => Some(Setting::Bool(*on)),
            Kind::Array(_) => Some(Setting::Words(words(program, it, &scope)?)),
            Kind::Text(_) | Kind::Template(..) => Some(Setting::Text(program.text(it, &scope)?)),
            _ => return Err("an option is computed".to_owned()),
        },
        Value::Unknown(why) => return Err(why),
        _ => None,
    })
}

/// The texts of a list, with those of the lists that it spreads.
fn words<'m>(
    program: &'m Program,
    list: &'m Expr,
    scope: &Scope<'m>,
) -> Result<Vec<String>, String> {
    let Kind::Array(items) = &list.kind else {
        return Err("an option is computed".to_owned());
    };
    let mut all = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Spread(inner) => match program.value(inner, scope) {
                Value::Expr(list, scope) => all.extend(words(program, list, &scope)?),
                Value::Unknown(why) => return Err(why),
                _ => return Err("an option is computed".to_owned()),
            },
            _ => all.push(program.text(item, scope)?),
        }
    }
    Ok(all)
}

/// `Object.values(…)` and `Object.keys(…)` of an object that is written out.
fn object_values<'m>(
    program: &'m Program,
    callee: &'m Expr,
    args: &'m [Expr],
    scope: &Scope<'m>,
) -> Result<Vec<String>, String> {
    let computed = || "an option is computed".to_owned();
    let Kind::Member(object, method) = &callee.kind else {
        return Err(computed());
    };
    let of_keys = method == "keys";
    if !matches!(&object.kind, Kind::Name(name) if name == "Object")
        || !(of_keys || method == "values")
    {
        return Err(computed());
    }
    let Value::Expr(object, scope) = program.value(args.first().ok_or_else(computed)?, scope)
    else {
        return Err(computed());
    };
    let Kind::Object(entries) = &object.kind else {
        return Err(computed());
    };
    let word = |entry: &'m Entry| match entry {
        Entry::Field { key, .. } if of_keys => Ok(key.clone()),
        Entry::Field { value, .. } => program.text(value, &scope),
        _ => Err(computed()),
    };
    entries.iter().map(word).collect()
}
