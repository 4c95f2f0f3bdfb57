//! Tests: `IS …`, `BETWEEN`, `IN`, `LIKE` and their negations.

use super::{Parser, binding};
use crate::read::expression::node::{self, Kind, Node};

impl Parser<'_> {
    /// `IS …`, `ISNULL`, `NOTNULL`
    pub(super) fn is(&mut self, left: Node) -> Option<Node> {
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
    pub(super) fn pattern(&mut self, left: Node, not: bool) -> Option<Node> {
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
}
