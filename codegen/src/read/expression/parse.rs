//! From tokens to a tree, with PostgreSQL's precedence.

use std::ops::Range;

use super::node::{self, Kind, Node};
use crate::read::sql::token::{self, Kind as TokenKind, Token};
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

    /// `IS …`, `ISNULL`, `NOTNULL`
    fn is(&mut self, left: Node) -> Option<Node> {
        let test = |left: Node, words| {
            let depth = left.depth;
            node::above(Kind::Mixed(vec![("", left)], words), depth)
        };
        if self.cursor.eat("isnull") {
            return test(left, "is null");
        }
        if self.cursor.eat("notnull") {
            return test(left, "is not null");
        }
        self.cursor.eat("is");
        let not = self.cursor.eat("not");
        if self.cursor.eat("distinct from") {
            let right = self.node(binding::IS)?;
            let distinct = node::infix("is distinct from", left, right)?;
            return if not {
                node::prefix("not", distinct)
            } else {
                Some(distinct)
            };
        }
        for (word, is, is_not) in [
            ("null", "is null", "is not null"),
            ("true", "is true", "is not true"),
            ("false", "is false", "is not false"),
            ("unknown", "is unknown", "is not unknown"),
        ] {
            if self.cursor.eat(word) {
                return test(left, if not { is_not } else { is });
            }
        }
        None
    }

    /// `[NOT] BETWEEN`, `IN`, `LIKE`, `ILIKE`, `SIMILAR TO`
    fn pattern(&mut self, left: Node, not: bool) -> Option<Node> {
        if self.cursor.eat("between") {
            let low = self.node(binding::BETWEEN)?;
            if !self.cursor.eat("and") {
                return None;
            }
            let high = self.node(binding::BETWEEN)?;
            let (first, second) = if not { ("<", ">") } else { (">=", "<=") };
            let low = node::infix(first, left.clone(), low)?;
            let high = node::infix(second, left, high)?;
            return node::join(vec![low, high], !not);
        }
        if self.cursor.eat("in") {
            let inside = self.cursor.clone().parens().ok()?;
            if self.cursor.within(inside).is("select") {
                let query = self.grouped()?;
                let (op, quantifier) = if not { ("<>", "all") } else { ("=", "any") };
                return node::pair(
                    |a, b| Kind::Some(op.to_owned(), quantifier, a, b),
                    left,
                    query,
                );
            }
            let list = self.list()?;
            return node::is_in(left, list, not);
        }
        for (word, op, not_op) in [("like", "~~", "!~~"), ("ilike", "~~*", "!~~*")] {
            if self.cursor.eat(word) {
                let right = self.node(binding::BETWEEN)?;
                if self.cursor.is("escape") {
                    return None;
                }
                return node::infix(if not { not_op } else { op }, left, right);
            }
        }
        if self.cursor.eat("similar to") {
            let right = self.node(binding::BETWEEN)?;
            if self.cursor.is("escape") {
                return None;
            }
            let right = node::call("similar_to_escape", vec![right])?;
            return node::infix(if not { "!~" } else { "~" }, left, right);
        }
        None
    }

    /// `(a, b)` as its parts.
    fn list(&mut self) -> Option<Vec<Node>> {
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

    fn until(&mut self, end: &str) -> Option<Vec<Node>> {
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
    fn grouped(&mut self) -> Option<Node> {
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

    fn primary(&mut self) -> Option<Node> {
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

/// Reads what follows the word of a special form.
type Form = fn(&mut Parser<'_>) -> Option<Node>;

/// Forms that are no plain calls.
const FORMS: &[(&str, Form)] = &[
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
