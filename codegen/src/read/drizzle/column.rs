//! A column: `text("title", { length: 40 }).notNull()`, taken apart from the outside in.

use std::ops::Range;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use super::super::{ReadColumn, ReadDefault, ReadType};
use super::Dialect;
use super::builders::Options;
use super::kind::{kind, options};
use super::{casing, default};
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Expr, Kind};

/// What is said of a column besides its type.
#[derive(Debug, Default)]
pub(super) struct Said<'m> {
    not_null: bool,
    primary_key: bool,
    has_default: bool,
    default: ReadDefault,
    /// `.unique("name")`, with its arguments.
    pub(super) unique: Option<Args<'m>>,
    /// `.references(() => …)`, with its arguments.
    pub(super) references: Option<Args<'m>>,
    pub(super) array: bool,
    /// A method that may change what the column is.
    pub(super) unknown: Option<String>,
}

/// Arguments of a method, and where their names are looked up.
pub(super) type Args<'m> = (&'m [Expr], Scope<'m>);

/// The call at the root of a chain.
pub(super) struct Base<'m> {
    pub(super) callee: Value<'m>,
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
) -> Result<(ReadColumn, Said<'m>), Diagnostic> {
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
    if let Value::Drizzle(call) = &base.callee {
        let row_id = dialect == Dialect::Sqlite && matches!(call.as_str(), "integer" | "int");
        said.not_null |= call.ends_with("serial");
        let fills_itself = call.ends_with("serial") || (row_id && said.primary_key);
        said.has_default |= fills_itself;
        if fills_itself && said.default == ReadDefault::None {
            said.default = ReadDefault::Generated;
        }
    }
    let snake_name = name
        .is_none()
        .then(|| casing::snake(key))
        .filter(|it| it != key);
    if said.default == ReadDefault::Unknown {
        let why = "its default could not be followed";
        out.push(
            Diagnostic::new(Code::C005, format!("column `{key}`: {why}"))
                .at(place, "its default is not compared"),
        );
    }
    let column = ReadColumn {
        name: name.unwrap_or_else(|| key.to_owned()),
        key: key.to_owned(),
        snake_name,
        kind,
        not_null: said.not_null,
        primary_key: said.primary_key,
        has_default: said.has_default,
        default: std::mem::take(&mut said.default),
        written: written(program, base.scope.module, &base.span),
        place,
    };
    Ok((column, said))
}

/// Takes the methods off a chain, down to the builder's call.
fn base<'m>(
    program: &'m Program,
    expr: &'m Expr,
    mut scope: Scope<'m>,
    said: &mut Said<'m>,
) -> Result<Base<'m>, String> {
    let mut expr = expr;
    for _ in 0..MAX_HELPERS {
        while let Kind::Call(callee, args) = &expr.kind
            && let Kind::Member(object, method) = &callee.kind
            && is_column(program, object, &scope)
        {
            said.method(program, method, (args, scope.clone()));
            expr = object;
        }
        if let Kind::Call(callee, args) = &expr.kind {
            match program.value(callee, &scope) {
                Value::Expr(function, inner) => {
                    if let Kind::Function(it) = &function.kind {
                        let values = args.iter().map(|arg| program.value(arg, &scope)).collect();
                        let (result, inside) = program
                            .bind(it, &inner, values)
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

impl<'m> Said<'m> {
    fn method(&mut self, program: &'m Program, name: &str, args: Args<'m>) {
        match name {
            "notNull" => self.not_null = true,
            "primaryKey" => (self.primary_key, self.not_null) = (true, true),
            "array" => self.array = true,
            "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity" => {
                self.not_null = true;
                self.filled(ReadDefault::Generated);
            }
            "default" => self.filled(default::read(program, args)),
            "defaultNow" => self.filled(ReadDefault::Sql("now()".to_owned())),
            "defaultRandom" => self.filled(ReadDefault::Sql("gen_random_uuid()".to_owned())),
            "$default" | "$defaultFn" | "$onUpdate" | "$onUpdateFn" => {
                self.filled(ReadDefault::App);
            }
            "generatedAlwaysAs" => self.filled(ReadDefault::Generated),
            "unique" => self.unique = Some(args),
            "references" => self.references = Some(args),
            "$type" => {}
            other => self.unknown = Some(format!("Syncline does not know `.{other}()`")),
        }
    }

    /// What the database fills in counts for more than what the app does.
    fn filled(&mut self, default: ReadDefault) {
        self.has_default = true;
        if matches!(self.default, ReadDefault::None | ReadDefault::App) {
            self.default = default;
        }
    }
}

/// A place on one line: what runs over several is cut at its first.
pub(in crate::read) fn first_line(program: &Program, module: usize, span: &Range<usize>) -> Place {
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
