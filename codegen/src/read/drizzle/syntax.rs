//! A TypeScript expression, cut down to what schema files are made of. Owned and small, so that
//! values can be followed from file to file; the parser's own tree stays in [`super::lower`].

use std::ops::Range;

/// An expression and where it stands, in bytes of its file.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// What an expression is. Parentheses and type assertions are gone.
#[derive(Debug)]
pub(super) enum Kind {
    Text(String),
    Number(f64),
    Bool(bool),
    Name(String),
    Member(Box<Expr>, String),
    /// A call without spread arguments.
    Call(Box<Expr>, Vec<Expr>),
    Object(Vec<Entry>),
    Array(Vec<Expr>),
    Function(Function),
    /// The texts between the holes, one more than there are holes.
    Template(Vec<String>, Vec<Expr>),
    /// Anything else, with the expressions in it: a table may be hiding there.
    Other(Vec<Expr>),
}

/// One entry of an object literal.
#[derive(Debug)]
pub(super) enum Entry {
    Field {
        key: String,
        value: Expr,
    },
    Spread(Expr),
    /// A computed key, a getter, a method.
    Other(Expr),
}

/// A function: what it takes, what it gives, and what else is in it.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) params: Vec<Param>,
    /// None where it does more than return one expression.
    pub(super) result: Option<Box<Expr>>,
    pub(super) rest: Vec<Expr>,
}

/// One parameter.
#[derive(Debug)]
pub(super) enum Param {
    Name(String),
    /// `{ text, integer: int }`: property and local name.
    Fields(Vec<(String, String)>),
    Other,
}

impl Expr {
    /// The expressions directly inside, those inside of functions marked as such.
    pub(super) fn children(&self) -> Vec<(&Expr, bool)> {
        match &self.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) | Kind::Name(_) => Vec::new(),
            Kind::Member(object, _) => vec![(object, false)],
            Kind::Call(callee, args) => std::iter::once(&**callee)
                .chain(args)
                .map(|it| (it, false))
                .collect(),
            Kind::Object(entries) => entries
                .iter()
                .map(|entry| match entry {
                    Entry::Field { value, .. } => (value, false),
                    Entry::Spread(value) => (value, false),
                    Entry::Other(value) => (value, true),
                })
                .collect(),
            Kind::Array(items) | Kind::Template(_, items) => {
                items.iter().map(|it| (it, false)).collect()
            }
            Kind::Function(function) => function
                .result
                .as_deref()
                .into_iter()
                .chain(&function.rest)
                .map(|it| (it, true))
                .collect(),
            Kind::Other(items) => items.iter().map(|it| (it, true)).collect(),
        }
    }
}
