//! An expression as a tree. Trees are made by the functions here alone: each leaves out what
//! PostgreSQL would add, so that two spellings give one tree.

use std::fmt;

use syncline_schema::names;

use super::value;

/// A node and how deep it is, so that no tree is ever too deep to walk.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) depth: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A column, or a word such as `true` and `current_date`.
    Name(String),
    Text(String),
    Number(String),
    Call(String, Vec<Node>),
    /// An operator before its operand, `not` among them.
    Prefix(String, Box<Node>),
    Infix(String, Box<Node>, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Cast(Box<Node>, String),
    Array(Vec<Node>),
    Row(Vec<Node>),
    /// `a op ANY (b)`, `a op ALL (b)`
    Some(String, &'static str, Box<Node>, Box<Node>),
    /// Words and nodes in turn: `CASE`, `IS NULL`, subscripts.
    Mixed(Vec<(&'static str, Node)>, &'static str),
    /// Tokens that are not read any further: queries.
    Tokens(String),
}

/// The deepest tree.
const MAX_DEPTH: u16 = 300;

/// A node above others of this depth; none where the tree would be too deep.
pub(super) fn above(kind: Kind, depth: u16) -> Option<Node> {
    let depth = depth + 1;
    (depth <= MAX_DEPTH).then_some(Node { kind, depth })
}

/// The depth of the deepest.
pub(super) fn deepest<'a>(all: impl IntoIterator<Item = &'a Node>) -> u16 {
    all.into_iter().map(|it| it.depth).max().unwrap_or(0)
}

pub(super) fn leaf(kind: Kind) -> Node {
    Node { kind, depth: 1 }
}

pub(super) fn name(name: &str) -> Node {
    leaf(Kind::Name(name.to_owned()))
}

pub(super) fn call(name: &str, args: Vec<Node>) -> Option<Node> {
    let args = match name {
        // All of one type: constants are cast to it.
        "coalesce" | "greatest" | "least" | "nullif" => args.into_iter().map(bare).collect(),
        _ => args,
    };
    let depth = deepest(&args);
    above(Kind::Call(name.to_owned(), args), depth)
}

pub(super) fn prefix(op: &str, under: Node) -> Option<Node> {
    match (op, under.kind) {
        ("-", Kind::Number(number)) => Some(leaf(Kind::Number(match number.strip_prefix('-') {
            Some(positive) => positive.to_owned(),
            None => format!("-{number}"),
        }))),
        ("+", kind @ Kind::Number(_)) => Some(leaf(kind)),
        (op, kind) => {
            let depth = under.depth;
            let under = Box::new(Node { kind, depth });
            above(Kind::Prefix(op.to_owned(), under), depth)
        }
    }
}

pub(super) fn pair(
    make: impl FnOnce(Box<Node>, Box<Node>) -> Kind,
    a: Node,
    b: Node,
) -> Option<Node> {
    let depth = a.depth.max(b.depth);
    above(make(Box::new(a), Box::new(b)), depth)
}

pub(super) fn infix(op: &str, a: Node, b: Node) -> Option<Node> {
    let op = if op == "!=" { "<>" } else { op };
    let (a, b) = match rows(op, a, b)? {
        Rows::Apart(joined) => return Some(joined),
        Rows::None(a, b) => (a, b),
    };
    let (a, b) = match op {
        "+" | "-" | "*" => beside(a, b, bare_number),
        "@>" | "<@" => beside(a, b, bare_document),
        // The type of what they give is the type of what they take: a cast may be meant.
        "/" | "%" | "^" | "collate" => (a, b),
        _ => beside(a, b, bare),
    };
    pair(|a, b| Kind::Infix(op.to_owned(), a, b), a, b)
}

enum Rows {
    Apart(Node),
    None(Node, Node),
}

/// Takes `(a, b) = (c, d)` apart, as PostgreSQL does.
fn rows(op: &str, a: Node, b: Node) -> Option<Rows> {
    match (a.kind, b.kind) {
        (Kind::Row(left), Kind::Row(right))
            if matches!(op, "=" | "<>") && left.len() == right.len() =>
        {
            let pairs = left.into_iter().zip(right);
            let all = pairs.map(|(a, b)| infix(op, a, b)).collect::<Option<_>>()?;
            join(all, op == "=").map(Rows::Apart)
        }
        (left, right) => Some(Rows::None(
            Node { kind: left, ..a },
            Node { kind: right, ..b },
        )),
    }
}

/// Leaves the cast of a constant out where what stands beside it gives the type.
fn beside(a: Node, b: Node, bare: impl Fn(Node) -> Node) -> (Node, Node) {
    match (is_constant(&a), is_constant(&b)) {
        (false, true) => (a, bare(b)),
        (true, false) => (bare(a), b),
        _ => (a, b),
    }
}

fn is_constant(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(_) | Kind::Number(_) => true,
        Kind::Cast(under, _) => is_constant(under),
        Kind::Array(all) => all.iter().all(is_constant),
        _ => false,
    }
}

/// Does it hold a column?
pub(super) fn has_name(node: &Node) -> bool {
    match &node.kind {
        Kind::Name(_) | Kind::Tokens(_) => true,
        Kind::Text(_) | Kind::Number(_) => false,
        Kind::Call(_, all) | Kind::And(all) | Kind::Or(all) | Kind::Array(all) | Kind::Row(all) => {
            all.iter().any(has_name)
        }
        Kind::Prefix(_, under) | Kind::Cast(under, _) => has_name(under),
        Kind::Infix(_, a, b) | Kind::Some(_, _, a, b) => has_name(a) || has_name(b),
        Kind::Mixed(parts, _) => parts.iter().any(|(_, it)| has_name(it)),
    }
}

/// A constant without its cast.
pub(super) fn bare(node: Node) -> Node {
    match node.kind {
        Kind::Cast(under, ty) if !ty.starts_with("interval") => match under.kind {
            Kind::Text(text) => leaf(Kind::Text(settled(text))),
            Kind::Number(_) if is_numeric(&ty) => *under,
            Kind::Array(_) if ty.ends_with("[]") => bare(*under),
            kind => Node {
                depth: node.depth,
                kind: Kind::Cast(
                    Box::new(Node {
                        depth: under.depth,
                        kind,
                    }),
                    ty,
                ),
            },
        },
        Kind::Array(all) => Node {
            kind: Kind::Array(all.into_iter().map(bare).collect()),
            depth: node.depth,
        },
        Kind::Text(text) => leaf(Kind::Text(settled(text))),
        kind => Node { kind, ..node },
    }
}

fn bare_number(node: Node) -> Node {
    match &node.kind {
        Kind::Cast(under, ty) if is_numeric(ty) && matches!(under.kind, Kind::Number(_)) => {
            bare(node)
        }
        _ => node,
    }
}

fn bare_document(node: Node) -> Node {
    let depth = node.depth;
    match bare(node).kind {
        Kind::Text(text) => leaf(Kind::Text(value::json(&text).unwrap_or(text))),
        kind => Node { kind, depth },
    }
}

/// A constant's text as PostgreSQL prints it: a time to its zone, midnight as a day.
fn settled(text: String) -> String {
    if let Some(time) = value::time(&text) {
        return time;
    }
    let with_zone = value::instant(&text, true)
        .or_else(|| value::instant(&text, false).map(|it| format!("{it}Z")));
    match with_zone {
        Some(instant) => match instant.strip_suffix("T00:00:00.000Z") {
            Some(day) => day.to_owned(),
            None => instant,
        },
        None => text,
    }
}

fn is_numeric(ty: &str) -> bool {
    matches!(
        ty,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision"
    )
}

pub(super) fn cast(under: Node, ty: &str) -> Option<Node> {
    if matches!(
        ty,
        "text" | "varchar" | "bpchar" | "text[]" | "varchar[]" | "bpchar[]"
    ) {
        // What PostgreSQL adds to a `varchar` before nearly every operator.
        return Some(under);
    }
    let plain = match (&under.kind, ty) {
        (Kind::Text(text), _) if is_numeric(ty) && is_number(text) => {
            Some(Kind::Number(text.trim().to_owned()))
        }
        (Kind::Name(name), _) if name == "null" => Some(Kind::Name("null".to_owned())),
        (Kind::Text(text), "boolean") => match text.as_str() {
            "t" | "true" => Some(Kind::Name("true".to_owned())),
            "f" | "false" => Some(Kind::Name("false".to_owned())),
            _ => None,
        },
        // As `nextval('public.notes_id_seq')` is shown.
        (Kind::Text(text), "regclass") => {
            let name = text.strip_prefix("public.").unwrap_or(text);
            Some(Kind::Text(name.to_owned()))
        }
        (Kind::Number(number), "integer") if number.parse::<i32>().is_ok() => {
            Some(Kind::Number(number.clone()))
        }
        (Kind::Number(number), "numeric") if number.contains('.') => {
            Some(Kind::Number(number.clone()))
        }
        _ => None,
    };
    if let Some(kind) = plain {
        return Some(leaf(kind));
    }
    let under = match (&under.kind, ty) {
        (Kind::Text(text), "interval") => {
            leaf(Kind::Text(value::interval(text).unwrap_or(text.clone())))
        }
        (Kind::Text(text), "jsonb") => leaf(Kind::Text(value::json(text).unwrap_or(text.clone()))),
        _ => under,
    };
    let depth = under.depth;
    above(Kind::Cast(Box::new(under), ty.to_owned()), depth)
}

fn is_number(text: &str) -> bool {
    let digits = text.trim().strip_prefix('-').unwrap_or(text.trim());
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `a op ANY (b)`, `a op ALL (b)`
pub(super) fn some(op: &str, quantifier: &'static str, a: Node, b: Node) -> Option<Node> {
    let op = if op == "!=" { "<>" } else { op };
    let b = match bare(b) {
        Node {
            kind: Kind::Array(mut all),
            ..
        } if all.len() == 1 => {
            // A list of one is a comparison.
            return infix(op, a, all.remove(0));
        }
        other => other,
    };
    pair(|a, b| Kind::Some(op.to_owned(), quantifier, a, b), a, b)
}

/// `a IN (…)` as PostgreSQL takes it apart: constants into an array, the rest one by one.
pub(super) fn is_in(a: Node, list: Vec<Node>, not: bool) -> Option<Node> {
    let (op, quantifier) = if not { ("<>", "all") } else { ("=", "any") };
    let (named, constant): (Vec<_>, Vec<_>) = list.into_iter().partition(has_name);
    let mut all = Vec::new();
    if !constant.is_empty() {
        let depth = deepest(&constant);
        let array = above(Kind::Array(constant), depth)?;
        all.push(some(op, quantifier, a.clone(), array)?);
    }
    for it in named {
        all.push(infix(op, a.clone(), it)?);
    }
    join(all, not)
}

/// Conditions joined by AND or OR, those inside of the same kind taken up.
pub(super) fn join(all: Vec<Node>, and: bool) -> Option<Node> {
    let mut flat = Vec::with_capacity(all.len());
    for it in all {
        match it.kind {
            Kind::And(inner) if and => flat.extend(inner),
            Kind::Or(inner) if !and => flat.extend(inner),
            kind => flat.push(Node { kind, ..it }),
        }
    }
    if flat.len() == 1 {
        return flat.pop();
    }
    let depth = deepest(&flat);
    above(if and { Kind::And(flat) } else { Kind::Or(flat) }, depth)
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, all: &[Node], between: &str| {
            for (at, it) in all.iter().enumerate() {
                if at > 0 {
                    f.write_str(between)?;
                }
                write!(f, "{it}")?;
            }
            Ok(())
        };
        match &self.kind {
            Kind::Name(name) => f.write_str(name),
            Kind::Text(text) => f.write_str(&names::quote_text(text)),
            Kind::Number(text) | Kind::Tokens(text) => f.write_str(text),
            Kind::Call(name, args) => {
                write!(f, "{name}(")?;
                list(f, args, ", ")?;
                f.write_str(")")
            }
            Kind::Prefix(op, under) => write!(f, "({op} {under})"),
            Kind::Infix(op, a, b) => write!(f, "({a} {op} {b})"),
            Kind::And(all) | Kind::Or(all) => {
                let and = matches!(self.kind, Kind::And(_));
                f.write_str("(")?;
                list(f, all, if and { " and " } else { " or " })?;
                f.write_str(")")
            }
            Kind::Cast(under, ty) => write!(f, "{under}::{ty}"),
            Kind::Array(all) => {
                f.write_str("array[")?;
                list(f, all, ", ")?;
                f.write_str("]")
            }
            Kind::Row(all) => {
                f.write_str("row(")?;
                list(f, all, ", ")?;
                f.write_str(")")
            }
            Kind::Some(op, quantifier, a, b) => write!(f, "({a} {op} {quantifier} ({b}))"),
            Kind::Mixed(parts, end) => {
                f.write_str("(")?;
                for (word, node) in parts {
                    write!(f, "{word} {node} ")?;
                }
                write!(f, "{end})")
            }
        }
    }
}
