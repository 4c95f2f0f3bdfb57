//! What stands between operators: constants, names, calls, and what is in parentheses.

use std::ops::Range;

use super::form::FORMS;
use super::{Parser, quoted};
use crate::read::expression::node::{self, Kind, Node};
use crate::read::sql::token::{self, Kind as TokenKind};
use crate::read::sql::written_type;

impl Parser<'_> {
    /// `(a, b)` as its parts.
    pub(super) fn list(&mut self) -> Option<Vec<Node>> {
        if !self.cursor.eat_mark("(") {
            return None;
        }
        self.until(")")
    }

    /// The arguments of a call. An array behind VARIADIC is what they are gathered into.
    fn arguments(&mut self) -> Option<Vec<Node>> {
        if !self.cursor.eat_mark("(") {
            return None;
        }
        let mut all = Vec::new();
        if self.cursor.eat_mark(")") {
            return Some(all);
        }
        loop {
            let variadic = self.cursor.eat("variadic");
            match self.node(0)? {
                Node {
                    kind: Kind::Array(elements),
                    ..
                } if variadic => all.extend(elements),
                _ if variadic => return None,
                node => all.push(node),
            }
            if self.cursor.eat_mark(")") {
                return Some(all);
            }
            if !self.cursor.eat_mark(",") {
                return None;
            }
        }
    }

    pub(super) fn until(&mut self, end: &str) -> Option<Vec<Node>> {
        let mut all = Vec::new();
        if self.cursor.eat_mark(end) {
            return Some(all);
        }
        loop {
            all.push(self.node(0)?);
            if self.cursor.eat_mark(end) {
                return Some(all);
            }
            if !self.cursor.eat_mark(",") {
                return None;
            }
        }
    }

    /// An expression, row or query in parentheses.
    pub(super) fn grouped(&mut self) -> Option<Node> {
        let inside = self.cursor.clone().parens().ok()?;
        if self.cursor.within(inside.clone()).is("select")
            || self.cursor.within(inside.clone()).is("with")
        {
            self.cursor.parens().ok()?;
            return self.query(inside);
        }
        let mut all = self.list()?;
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => {
                let depth = node::deepest(&all);
                node::above(Kind::Row(all), depth)
            }
        }
    }

    /// A query. One that selects a single expression of nothing is read; any other stays tokens.
    fn query(&mut self, inside: Range<usize>) -> Option<Node> {
        let mut inner = Parser {
            cursor: self.cursor.within(inside.clone()),
            nesting: self.nesting,
        };
        inner.cursor.eat("select");
        if let Some(found) = inner.node(0) {
            if inner.cursor.eat("as") {
                inner.cursor.name().ok()?;
            }
            if inner.cursor.is_done() {
                return node::call("select", vec![found]);
            }
        }
        let mut cursor = self.cursor.within(inside);
        let mut words = Vec::new();
        while let Some(token) = cursor.next() {
            let text = token.of(cursor.text);
            words.push(match token.kind {
                TokenKind::Word => text.to_lowercase(),
                TokenKind::Quoted => quoted(&text.trim_matches('"').replace("\"\"", "\"")),
                _ => text.to_owned(),
            });
        }
        Some(node::leaf(Kind::Tokens(format!("({})", words.join(" ")))))
    }

    pub(super) fn primary(&mut self) -> Option<Node> {
        if self.cursor.is_mark("(") {
            return self.grouped();
        }
        let token = self.cursor.peek()?;
        let written = token.of(self.cursor.text);
        match token.kind {
            TokenKind::Text => {
                self.cursor.next();
                Some(node::leaf(match token::text_value(written) {
                    Some(text) => Kind::Text(text),
                    None => Kind::Tokens(written.to_lowercase()),
                }))
            }
            TokenKind::Number => {
                self.cursor.next();
                Some(node::leaf(Kind::Number(written.to_lowercase())))
            }
            TokenKind::Parameter => {
                self.cursor.next();
                Some(node::leaf(Kind::Tokens(written.to_owned())))
            }
            TokenKind::Word | TokenKind::Quoted => self.word(token.kind == TokenKind::Quoted),
            _ => None,
        }
    }

    fn word(&mut self, is_quoted: bool) -> Option<Node> {
        if !is_quoted {
            for (words, read) in FORMS {
                if self.cursor.is(words) && self.opens(words) {
                    self.cursor.next();
                    return read(self);
                }
            }
            if let Some(constant) = self.typed_constant() {
                return constant;
            }
        }
        let mut parts = vec![self.cursor.name().ok()?];
        while self.cursor.eat_mark(".") {
            parts.push(self.cursor.name().ok()?);
        }
        let last = parts.pop()?;
        if self.cursor.is_mark("(") {
            return self.called(&parts, &last);
        }
        // A column may have its table's name before it; an expression has only one table.
        Some(match (is_quoted, last.as_str()) {
            (false, "current_timestamp") => node::call("now", Vec::new())?,
            _ => node::name(&quoted(&last)),
        })
    }

    /// Does the special form that this word begins stand here?
    fn opens(&self, word: &str) -> bool {
        let next = self
            .cursor
            .ahead(1)
            .map_or("", |it| it.of(self.cursor.text));
        match word {
            "case" => true,
            "array" => next == "[" || next == "(",
            _ => next == "(",
        }
    }

    fn called(&mut self, schema: &[String], name: &str) -> Option<Node> {
        let name = match schema {
            [] => name.to_owned(),
            [schema] if schema == "pg_catalog" || schema == "public" => name.to_owned(),
            [schema] => format!("{schema}.{name}"),
            _ => return None,
        };
        let args = self.arguments()?;
        // Aggregates and windows: not in what is compared here.
        if self.cursor.is("over") || self.cursor.is("filter") || self.cursor.is("within") {
            return None;
        }
        node::call(&name, args)
    }

    /// `interval '1 day'`, `DATE '2026-01-01'`, `timestamp with time zone '…'`
    // None: it is no such thing; none inside: it cannot be read.
    #[allow(clippy::option_option)]
    fn typed_constant(&mut self) -> Option<Option<Node>> {
        let text_next = (self.cursor.ahead(1)).is_some_and(|it| it.kind == TokenKind::Text);
        if !text_next && !["timestamp", "time"].iter().any(|it| self.cursor.is(it)) {
            return None;
        }
        let mut ahead = self.cursor.clone();
        let ty = written_type(&mut ahead)?;
        let text = ahead.peek().filter(|it| it.kind == TokenKind::Text)?;
        let text = token::text_value(text.of(self.cursor.text))?;
        ahead.next();
        self.cursor = ahead;
        Some(node::cast(node::leaf(Kind::Text(text)), &ty))
    }
}
