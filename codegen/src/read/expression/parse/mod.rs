//! From tokens to a tree, with PostgreSQL's precedence.

mod form;
mod predicate;
mod primary;

use super::node::{self, Kind, Node};
use crate::read::sql::token::{Kind as TokenKind, Token};
use crate::read::sql::{Cursor, written_type};

/// How tightly operators bind, from OR to `::`.
mod binding {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARISON: u8 = 5;
    pub(super) const BETWEEN: u8 = 6;
    pub(super) const OTHER: u8 = 7;
    pub(super) const SUM: u8 = 8;
    pub(super) const PRODUCT: u8 = 9;
    pub(super) const POWER: u8 = 10;
    pub(super) const AT: u8 = 11;
    pub(super) const COLLATE: u8 = 12;
    pub(super) const SIGN: u8 = 13;
}

/// How deep parentheses and calls may nest.
const MAX_NESTING: u16 = 100;

/// Reads a whole expression; none where it is not understood.
pub(super) fn expression(sql: &str, tokens: &[Token]) -> Option<Node> {
    let mut parser = Parser {
        cursor: Cursor::new(sql, tokens),
        nesting: 0,
    };
    let node = parser.node(0)?;
    parser.cursor.is_done().then_some(node)
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    nesting: u16,
}

impl Parser<'_> {
    fn node(&mut self, least: u8) -> Option<Node> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return None;
        }
        let mut left = self.operand()?;
        let mut more = true;
        while more {
            (left, more) = self.infix(left, least)?;
        }
        self.nesting -= 1;
        Some(left)
    }

    /// An operand with the operators before it.
    fn operand(&mut self) -> Option<Node> {
        if self.cursor.eat("not") {
            let under = self.node(binding::NOT)?;
            return node::prefix("not", under);
        }
        let token = self.cursor.peek()?;
        if token.kind == TokenKind::Operator {
            let op = token.of(self.cursor.text).to_owned();
            self.cursor.next();
            let tight = if matches!(op.as_str(), "-" | "+") {
                binding::SIGN
            } else {
                binding::OTHER
            };
            let under = self.node(tight)?;
            return node::prefix(&op, under);
        }
        let first = self.primary()?;
        self.postfix(first)
    }

    /// What binds more tightly than any operator: casts, subscripts, fields.
    fn postfix(&mut self, mut left: Node) -> Option<Node> {
        loop {
            if self.cursor.eat_mark("::") {
                let ty = written_type(&mut self.cursor)?;
                left = node::cast(left, &ty)?;
            } else if self.cursor.is_mark("[") {
                self.cursor.next();
                let index = self.node(0)?;
                if !self.cursor.eat_mark("]") {
                    return None;
                }
                left = node::pair(
                    |a, b| Kind::Mixed(vec![("", *a), ("[", *b)], "]"),
                    left,
                    index,
                )?;
            } else if self.cursor.is_mark(".") && !matches!(left.kind, Kind::Name(_)) {
                self.cursor.next();
                let field = node::name(&quoted(&self.cursor.name().ok()?));
                left = node::pair(
                    |a, b| Kind::Mixed(vec![("", *a), (".", *b)], ""),
                    left,
                    field,
                )?;
            } else {
                return Some(left);
            }
        }
    }

    /// The next operator and what follows it, where it binds more tightly than `least`: the tree
    /// of both sides, and whether there was such an operator. None where it cannot be read.
    fn infix(&mut self, left: Node, least: u8) -> Option<(Node, bool)> {
        let found = |node: Node| (node, true);
        let binds = |it: u8| it > least;
        if binds(binding::OR) && self.cursor.eat("or") {
            let right = self.node(binding::OR)?;
            return node::join(vec![left, right], false).map(found);
        }
        if binds(binding::AND) && self.cursor.eat("and") {
            let right = self.node(binding::AND)?;
            return node::join(vec![left, right], true).map(found);
        }
        if binds(binding::IS)
            && (self.cursor.is("is") || self.cursor.is("isnull") || self.cursor.is("notnull"))
        {
            return self.is(left).map(found);
        }
        let not = self.cursor.is("not");
        let word = |it: &str| self.cursor.word_at(usize::from(not), it);
        if ["between", "in", "like", "ilike", "similar"]
            .iter()
            .any(|it| word(it))
        {
            if !binds(binding::BETWEEN) {
                return Some((left, false));
            }
            self.cursor.eat("not");
            return self.pattern(left, not).map(found);
        }
        if binds(binding::AT) && self.cursor.eat("at time zone") {
            let zone = self.node(binding::AT)?;
            return node::call("timezone", vec![zone, left]).map(found);
        }
        if binds(binding::COLLATE) && self.cursor.eat("collate") {
            let name = self.cursor.qualified().ok()?.name;
            return node::infix("collate", left, node::name(&quoted(&name))).map(found);
        }
        self.operator(left, least)
    }

    fn operator(&mut self, left: Node, least: u8) -> Option<(Node, bool)> {
        let found = |node: Node| (node, true);
        let Some(token) = self.cursor.peek() else {
            return Some((left, false));
        };
        let mut op = token.of(self.cursor.text).to_owned();
        let named = self.cursor.is("operator");
        if token.kind != TokenKind::Operator && !named {
            return Some((left, false));
        }
        let tight = match op.as_str() {
            _ if named => binding::OTHER,
            "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => binding::COMPARISON,
            "+" | "-" => binding::SUM,
            "*" | "/" | "%" => binding::PRODUCT,
            "^" => binding::POWER,
            _ => binding::OTHER,
        };
        if tight <= least {
            return Some((left, false));
        }
        self.cursor.next();
        if named {
            // `OPERATOR(pg_catalog.=)`
            let inside = self.cursor.parens().ok()?;
            op = self
                .cursor
                .within(inside.end - 1..inside.end)
                .peek_text()
                .to_owned();
        }
        for (word, quantifier) in [("any", "any"), ("some", "any"), ("all", "all")] {
            if self.cursor.is(word) {
                self.cursor.next();
                let right = self.grouped()?;
                let right = self.postfix(right)?;
                return node::some(&op, quantifier, left, right).map(found);
            }
        }
        let right = self.node(tight)?;
        node::infix(&op, left, right).map(found)
    }
}

fn quoted(name: &str) -> String {
    // Words that stand for themselves need no quotes here; names are only compared.
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain {
        name.to_owned()
    } else {
        syncline_schema::names::quote_sql(name)
    }
}
