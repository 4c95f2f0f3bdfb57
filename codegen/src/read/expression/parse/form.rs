//! Forms that look like calls and have a grammar of their own: `CASE`, `CAST(… AS …)`, `EXTRACT(… FROM …)`.

use super::{Parser, binding};
use crate::read::expression::node::{self, Kind, Node};
use crate::read::sql::written_type;

/// Reads what follows the word of a special form.
pub(super) type Form = fn(&mut Parser<'_>) -> Option<Node>;

/// Forms that are no plain calls.
pub(super) const FORMS: &[(&str, Form)] = &[
    ("case", case),
    ("array", array),
    ("cast", cast),
    ("extract", extract),
    ("substring", substring),
    ("position", position),
    ("trim", trim),
    ("row", row),
    ("exists", exists),
];

fn case(parser: &mut Parser<'_>) -> Option<Node> {
    let mut parts = Vec::new();
    if !parser.cursor.is("when") {
        parts.push(("case", parser.node(0)?));
    }
    loop {
        if parser.cursor.eat("when") {
            let when = parser.node(0)?;
            // Constants take the type of what they are compared with.
            let compared = parts.first().is_some_and(|(word, _)| *word == "case");
            parts.push(("when", if compared { node::bare(when) } else { when }));
            if !parser.cursor.eat("then") {
                return None;
            }
            parts.push(("then", parser.node(0)?));
        } else if parser.cursor.eat("else") {
            parts.push(("else", parser.node(0)?));
        } else if parser.cursor.eat("end") {
            // No ELSE is ELSE NULL, which is how it comes back.
            if parts.last().is_some_and(|(word, _)| *word == "then") {
                parts.push(("else", node::name("null")));
            }
            let depth = node::deepest(parts.iter().map(|(_, it)| it));
            return node::above(Kind::Mixed(parts, "end"), depth);
        } else {
            return None;
        }
    }
}

fn array(parser: &mut Parser<'_>) -> Option<Node> {
    if parser.cursor.is_mark("(") {
        let query = parser.grouped()?;
        return node::call("array", vec![query]);
    }
    parser.cursor.eat_mark("[");
    let all = parser.until("]")?;
    let depth = node::deepest(&all);
    node::above(Kind::Array(all), depth)
}

fn cast(parser: &mut Parser<'_>) -> Option<Node> {
    parser.cursor.eat_mark("(");
    let under = parser.node(0)?;
    if !parser.cursor.eat("as") {
        return None;
    }
    let ty = written_type(&mut parser.cursor)?;
    if !parser.cursor.eat_mark(")") {
        return None;
    }
    node::cast(under, &ty)
}

/// `extract(year FROM x)`
fn extract(parser: &mut Parser<'_>) -> Option<Node> {
    parser.cursor.eat_mark("(");
    let field = match parser.cursor.string() {
        Ok(field) => field.to_lowercase(),
        Err(_) => parser.cursor.name().ok()?,
    };
    if !parser.cursor.eat("from") {
        return None;
    }
    let of = parser.node(0)?;
    if !parser.cursor.eat_mark(")") {
        return None;
    }
    node::call("extract", vec![node::leaf(Kind::Text(field)), of])
}

/// `substring(x FROM 1 FOR 2)` and `substring(x, 1, 2)`
fn substring(parser: &mut Parser<'_>) -> Option<Node> {
    parser.cursor.eat_mark("(");
    let mut args = vec![parser.node(0)?];
    while parser.cursor.eat_mark(",")
        || parser.cursor.eat("from")
        || (args.len() == 2 && parser.cursor.eat("for"))
    {
        args.push(parser.node(0)?);
    }
    if !parser.cursor.eat_mark(")") {
        return None;
    }
    node::call("substring", args)
}

/// `position(a IN b)`
fn position(parser: &mut Parser<'_>) -> Option<Node> {
    parser.cursor.eat_mark("(");
    let what = parser.node(binding::BETWEEN)?;
    if !parser.cursor.eat("in") {
        return None;
    }
    let inside = parser.node(0)?;
    if !parser.cursor.eat_mark(")") {
        return None;
    }
    node::call("position", vec![inside, what])
}

/// `trim([BOTH | LEADING | TRAILING] [x] FROM y)` and `trim(y)`
fn trim(parser: &mut Parser<'_>) -> Option<Node> {
    parser.cursor.eat_mark("(");
    let mut name = "btrim";
    for (word, it) in [
        ("both", "btrim"),
        ("leading", "ltrim"),
        ("trailing", "rtrim"),
    ] {
        if parser.cursor.eat(word) {
            name = it;
            break;
        }
    }
    let mut args = Vec::new();
    if parser.cursor.eat("from") {
        args.push(parser.node(0)?);
    } else {
        let first = parser.node(0)?;
        if parser.cursor.eat("from") {
            args.push(parser.node(0)?);
            args.push(first);
        } else {
            args.push(first);
        }
    }
    if parser.cursor.eat_mark(",") {
        args.push(parser.node(0)?);
    }
    if !parser.cursor.eat_mark(")") {
        return None;
    }
    node::call(name, args)
}

fn row(parser: &mut Parser<'_>) -> Option<Node> {
    let all = parser.list()?;
    let depth = node::deepest(&all);
    node::above(Kind::Row(all), depth)
}

fn exists(parser: &mut Parser<'_>) -> Option<Node> {
    let query = parser.grouped()?;
    node::call("exists", vec![query])
}
