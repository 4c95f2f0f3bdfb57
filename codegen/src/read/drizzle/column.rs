//! A column: `text("title", { length: 40 }).notNull()`, taken apart from the outside in.

use std::ops::Range;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use super::super::{Mode, PgType, ReadColumn, ReadType};
use super::Dialect;
use super::builders::{self, Options, Setting};
use super::casing;
use super::resolve::{Program, Scope, Value, bind};
use super::syntax::{Entry, Expr, Kind};

/// What is said of a column besides its type.
#[derive(Debug, Default)]
struct Said {
    not_null: bool,
    primary_key: bool,
    has_default: bool,
    array: bool,
    /// A method that may change what the column is.
    unknown: Option<String>,
}

/// The call at the root of a chain.
struct Base<'m> {
    callee: Value<'m>,
    args: &'m [Expr],
    scope: Scope<'m>,
    span: Range<usize>,
}

/// How many helpers may stand between a property and the builder.
const MAX_HELPERS: usize = 50;

/// Reads the column of the property `key`, whose value is `expr`.
///
/// # Errors
/// C005, where there is no saying what its name is.
pub(super) fn read<'m>(
    program: &'m Program,
    dialect: Dialect,
    key: &str,
    expr: &'m Expr,
    scope: &Scope<'m>,
    out: &mut Vec<Diagnostic>,
) -> Result<ReadColumn, Diagnostic> {
    let entry_place = first_line(program, scope.module, &expr.span);
    let unknown = |why: String, place: Place| {
        Diagnostic::new(
            Code::C005,
            format!("column `{key}` could not be followed: {why}"),
        )
        .at(place, "not compared")
        .help("write it in place, or as a constant of this file or of one given with it")
    };
    let mut said = Said::default();
    let base =
        base(program, expr, scope.clone(), &mut said).map_err(|why| unknown(why, entry_place))?;
    let place = if base.scope.module == scope.module {
        first_line(program, scope.module, &base.span)
    } else {
        entry_place
    };
    let (name, config) = match base.args {
        [] => (None, None),
        [first, rest @ ..] => match program.value(first, &base.scope) {
            Value::Expr(it, inner) if matches!(it.kind, Kind::Object(_)) => {
                (None, Some((it, inner)))
            }
            _ => {
                let name = program
                    .text(first, &base.scope)
                    .map_err(|why| unknown(why, place))?;
                let config = rest.first().map(|it| (it, base.scope.clone()));
                (Some(name), config)
            }
        },
    };
    let options = match config {
        Some((config, inner)) => options(program, config, &inner),
        None => Options::default(),
    };
    let kind = kind(program, dialect, &base, &options, &said).unwrap_or_else(|why| {
        out.push(unknown(why, place));
        ReadType::Unknown
    });
    if matches!(&base.callee, Value::Drizzle(call) if call.ends_with("serial")) {
        (said.not_null, said.has_default) = (true, true);
    }
    let snake_name = name
        .is_none()
        .then(|| casing::snake(key))
        .filter(|it| it != key);
    Ok(ReadColumn {
        name: name.unwrap_or_else(|| key.to_owned()),
        key: key.to_owned(),
        snake_name,
        kind,
        not_null: said.not_null,
        primary_key: said.primary_key,
        has_default: said.has_default,
        written: written(program, base.scope.module, &base.span),
        place,
    })
}

/// Takes the methods off a chain, down to the builder's call.
fn base<'m>(
    program: &'m Program,
    expr: &'m Expr,
    mut scope: Scope<'m>,
    said: &mut Said,
) -> Result<Base<'m>, String> {
    let mut expr = expr;
    for _ in 0..MAX_HELPERS {
        while let Kind::Call(callee, _) = &expr.kind
            && let Kind::Member(object, method) = &callee.kind
            && is_column(program, object, &scope)
        {
            said.method(method);
            expr = object;
        }
        if let Kind::Call(callee, args) = &expr.kind {
            match program.value(callee, &scope) {
                Value::Expr(function, inner) => {
                    if let Kind::Function(it) = &function.kind {
                        let values = args.iter().map(|arg| program.value(arg, &scope)).collect();
                        let (result, inside) = bind(it, &inner, values)
                            .ok_or("a function does more than return one expression")?;
                        (expr, scope) = (result, inside);
                        continue;
                    }
                    let span = expr.span.clone();
                    let callee = Value::Expr(function, inner);
                    return Ok(Base {
                        callee,
                        args,
                        scope,
                        span,
                    });
                }
                Value::Unknown(why) => return Err(why),
                callee => {
                    let span = expr.span.clone();
                    return Ok(Base {
                        callee,
                        args,
                        scope,
                        span,
                    });
                }
            }
        }
        match program.value(expr, &scope) {
            Value::Expr(it, inner) if matches!(it.kind, Kind::Call(..)) => {
                (expr, scope) = (it, inner)
            }
            Value::Unknown(why) => return Err(why),
            _ => return Err("it is no call of a column builder".to_owned()),
        }
    }
    Err("it goes through too many helpers".to_owned())
}

/// Is this a column whose method is called, rather than the object that holds the builders?
fn is_column<'m>(program: &'m Program, object: &'m Expr, scope: &Scope<'m>) -> bool {
    match &object.kind {
        Kind::Call(..) => true,
        Kind::Name(_) | Kind::Member(..) => matches!(
            program.value(object, scope),
            Value::Expr(it, _) if matches!(it.kind, Kind::Call(..))
        ),
        _ => false,
    }
}

impl Said {
    fn method(&mut self, name: &str) {
        match name {
            "notNull" => self.not_null = true,
            "primaryKey" => (self.primary_key, self.not_null) = (true, true),
            "array" => self.array = true,
            "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity" => {
                (self.not_null, self.has_default) = (true, true);
            }
            "default" | "defaultNow" | "defaultRandom" | "$default" | "$defaultFn"
            | "$onUpdate" | "$onUpdateFn" | "generatedAlwaysAs" => self.has_default = true,
            "$type" | "references" | "unique" => {}
            other => self.unknown = Some(format!("Syncline does not know `.{other}()`")),
        }
    }
}

fn kind<'m>(
    program: &'m Program,
    dialect: Dialect,
    base: &Base<'m>,
    options: &Options,
    said: &Said,
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
            let (result, inside) = bind(function, &inner, Vec::new()).ok_or_else(why)?;
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

fn options<'m>(program: &'m Program, config: &'m Expr, scope: &Scope<'m>) -> Options {
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
    Ok(match program.value(value, scope) {
        Value::Text(text) => Some(Setting::Text(text)),
        Value::Expr(it, scope) => match &it.kind {
            Kind::Number(number) => Some(Setting::Number(*number)),
            Kind::Bool(on) => Some(Setting::Bool(*on)),
            Kind::Array(items) => {
                let words: Result<_, _> = items
                    .iter()
                    .map(|item| program.text(item, &scope))
                    .collect();
                Some(Setting::Words(words?))
            }
            Kind::Text(_) | Kind::Template(..) => Some(Setting::Text(program.text(it, &scope)?)),
            _ => return Err("an option is computed".to_owned()),
        },
        Value::Unknown(why) => return Err(why),
        Value::Drizzle(_) | Value::Builders => None,
    })
}

/// A place on one line: what runs over several is cut at its first.
pub(super) fn first_line(program: &Program, module: usize, span: &Range<usize>) -> Place {
    let Some(module) = program.modules.get(module) else {
        return Place::NOWHERE;
    };
    let text = module.text.get(span.clone()).unwrap_or_default();
    let length = text.lines().next().unwrap_or_default().trim_end().len();
    module.place(&(span.start..span.start + length))
}

/// The source text of a call on one line, cut where it is long.
fn written(program: &Program, module: usize, span: &Range<usize>) -> String {
    const MAX_CHARS: usize = 80;
    let text = program.modules.get(module).map(|it| &*it.text);
    let text = text.and_then(|it| it.get(span.clone())).unwrap_or_default();
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}…", &one_line[..at]),
        None => one_line,
    }
}
