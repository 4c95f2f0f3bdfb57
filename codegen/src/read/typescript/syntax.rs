//! A TypeScript expression, cut down to what schema files are made of. Owned and small, so that
//! values can be followed from file to file; the parser's own tree stays in [`super::lower`].

use std::ops::Range;

/// An expression and where it stands, in bytes of its file.
#[derive(Debug)]
pub(in crate::read) struct Expr {
    pub(in crate::read) kind: Kind,
    pub(in crate::read) span: Range<usize>,
}

/// What an expression is. Parentheses and type assertions are gone.
///
/// Large files have millions of them, so that what is seldom is behind a box.
#[derive(Debug)]
pub(in crate::read) enum Kind {
    Text(String),
    Number(f64),
    /// Digits with an `n` behind them in the file.
    BigInt(String),
    Bool(bool),
    Null,
    Name(String),
    Member(Box<Expr>, String),
    /// A call without spread arguments.
    Call(Box<Expr>, Vec<Expr>),
    Object(Vec<Entry>),
    /// Elements, of which some may be [`Kind::Spread`].
    Array(Vec<Expr>),
    /// `...x` in an array.
    Spread(Box<Expr>),
    Function(Box<Function>),
    /// The texts between the holes, one more than there are holes.
    Template(Box<[String]>, Box<[Expr]>),
    /// A template behind a tag: `` sql`…` ``.
    Tagged(Box<Expr>, Box<[String]>, Box<[Expr]>),
    /// `new X(…)`
    New(Box<Expr>, Vec<Expr>),
    /// Anything else, with the expressions in it: a table may be hiding there.
    Other(Vec<Expr>),
}

/// One entry of an object literal.
#[derive(Debug)]
pub(in crate::read) enum Entry {
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
pub(in crate::read) struct Function {
    pub(in crate::read) params: Vec<Param>,
    /// Constants that it declares before it returns.
    pub(in crate::read) locals: Vec<(String, Expr)>,
    /// None where it does more than declare constants and return one expression.
    pub(in crate::read) result: Option<Box<Expr>>,
    pub(in crate::read) rest: Vec<Expr>,
}

/// One parameter.
#[derive(Debug)]
pub(in crate::read) enum Param {
    /// Its name, and what it is where nothing is given.
    Name(String, Option<Expr>),
    /// `{ text, integer: int }`: property and local name, and what is taken apart where nothing is
    /// given.
    Fields(Vec<(String, String)>, Option<Expr>),
    Other,
}

impl Expr {
    /// The expressions directly inside, those inside of functions marked as such.
    pub(in crate::read) fn children(&self) -> Vec<(&Expr, bool)> {
        match &self.kind {
            Kind::Text(_)
            | Kind::Number(_)
            | Kind::BigInt(_)
            | Kind::Bool(_)
            | Kind::Null
            | Kind::Name(_) => Vec::new(),
            Kind::Spread(inner) => vec![(inner, false)],
            Kind::Tagged(tag, _, items) => std::iter::once(&**tag)
                .chain(items.iter())
                .map(|it| (it, false))
                .collect(),
            Kind::Member(object, _) => vec![(object, false)],
            Kind::Call(callee, args) | Kind::New(callee, args) => std::iter::once(&**callee)
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
            Kind::Array(items) => items.iter().map(|it| (it, false)).collect(),
            Kind::Template(_, items) => items.iter().map(|it| (it, false)).collect(),
            Kind::Function(function) => function
                .result
                .as_deref()
                .into_iter()
                .chain(function.locals.iter().map(|(_, value)| value))
                .chain(&function.rest)
                .map(|it| (it, true))
                .collect(),
            Kind::Other(items) => items.iter().map(|it| (it, true)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_small() {
        assert!(size_of::<Expr>() <= 64, "{}", size_of::<Expr>());
    }
}
