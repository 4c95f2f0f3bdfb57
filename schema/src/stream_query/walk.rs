//! From sqlparser's tree to a [`StreamQuery`].

use std::ops::Range;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident, Join,
    JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Spanned, TableFactor, Value,
};

use super::{Call, Item, Name, Offsets, Source, StreamQuery, guard, taken};

/// Reads one SELECT.
pub(super) fn select(select: &Select, offsets: &Offsets<'_>) -> StreamQuery {
    let mut walk = Walk {
        offsets,
        query: StreamQuery::default(),
    };
    for table in &select.from {
        walk.relation(&table.relation);
        for join in &table.joins {
            walk.join(join);
        }
    }
    let before = walk.query.calls.len();
    for item in &select.projection {
        walk.item(item);
    }
    walk.one_table(select);
    if walk.query.calls[before..]
        .iter()
        .any(|call| call.is_auth() || call.is_client_claim())
    {
        walk.refuse("what the request says among what is sent", select.span());
    }
    if let Some(condition) = &select.selection {
        walk.query.never = walk.never(condition);
        walk.query.guard = walk.query.guard.and(guard::of(condition));
        walk.expr(condition);
    }
    let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(list, _) if list.is_empty());
    if grouped || select.having.is_some() {
        walk.refuse("GROUP BY", select.span());
    }
    if let Some(part) = taken::refused_part(select) {
        walk.refuse(part, select.span());
    }
    walk.query
}

struct Walk<'a> {
    offsets: &'a Offsets<'a>,
    query: StreamQuery,
}

impl Walk<'_> {
    fn range(&self, span: sqlparser::tokenizer::Span) -> Range<usize> {
        if span.start.line == 0 {
            0..0
        } else {
            self.offsets.range(span.start, span.end)
        }
    }

    fn refuse(&mut self, what: &str, span: sqlparser::tokenizer::Span) {
        let range = self.range(span);
        self.query
            .refused
            .push((format!("the service does not take {what}"), range));
    }

    fn name(&self, qualifier: Option<&Ident>, ident: &Ident) -> Name {
        Name {
            qualifier: qualifier.map(fold),
            name: fold(ident),
            written: ident.value.clone(),
            range: self.range(ident.span),
        }
    }

    fn relation(&mut self, relation: &TableFactor) {
        let TableFactor::Table {
            name, alias, args, ..
        } = relation
        else {
            if let TableFactor::Derived {
                subquery, alias, ..
            } = relation
                && let SetExpr::Select(inner) = subquery.body.as_ref()
            {
                let inner = select(inner, self.offsets);
                self.query.nested.push(inner);
                if let Some(alias) = alias {
                    let table = self.name(None, &alias.name);
                    self.query.from.push(Source {
                        table,
                        schema: None,
                        alias: None,
                        function: true,
                    });
                }
                return;
            }
            self.refuse("this in FROM", relation.span());
            return;
        };
        let idents: Vec<&Ident> = name.0.iter().filter_map(ObjectNamePart::as_ident).collect();
        let Some((last, before)) = idents.split_last() else {
            return;
        };
        if let Some(args) = args {
            for arg in &args.args {
                self.argument(arg);
            }
        }
        let source = Source {
            table: self.name(None, last),
            schema: before.last().map(|ident| fold(ident)),
            alias: alias.as_ref().map(|alias| self.name(None, &alias.name)),
            function: args.is_some(),
        };
        self.query.from.push(source);
    }

    fn join(&mut self, join: &Join) {
        self.relation(&join.relation);
        match &join.join_operator {
            JoinOperator::Join(JoinConstraint::On(on))
            | JoinOperator::Inner(JoinConstraint::On(on)) => {
                let joined = std::mem::take(&mut self.query.guard);
                self.query.guard = joined.and(guard::of(on));
                self.expr(on);
            }
            _ => self.refuse("this kind of JOIN", join.relation.span()),
        }
    }

    /// All that is selected belongs to one table.
    fn one_table(&mut self, select: &Select) {
        let mut tables = self.query.items.iter().filter_map(Item::qualifier);
        let first = tables.next();
        if first.is_some_and(|first| tables.any(|other| other != first)) {
            self.refuse("columns of two tables", select.span());
        }
    }

    fn item(&mut self, item: &SelectItem) {
        match item {
            SelectItem::Wildcard(_) => {
                let functions = self.query.from.iter().filter(|source| source.function);
                if functions.count() > 0 && self.query.from.len() > 1 {
                    self.refuse(
                        "`*` without its table, where there are several",
                        item.span(),
                    );
                }
                let range = self.range(item.span());
                self.query.items.push(Item::Star {
                    qualifier: None,
                    range,
                });
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let qualifier = last_ident(name).map(fold);
                let range = self.range(item.span());
                self.query.items.push(Item::Star { qualifier, range });
            }
            SelectItem::UnnamedExpr(expr) => self.named(expr, None),
            SelectItem::ExprWithAlias { expr, alias } => self.named(expr, Some(alias)),
            _ => self.refuse("this in SELECT", item.span()),
        }
    }

    fn named(&mut self, expr: &Expr, alias: Option<&Ident>) {
        let before = self.query.columns.len();
        self.expr(expr);
        let first = self.query.columns.get(before).cloned();
        let alias = alias.map(fold);
        let is_column = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        let item = match first {
            Some(name) if is_column && alias.as_ref().is_none_or(|alias| *alias == name.name) => {
                Item::Column(name)
            }
            first => Item::Named {
                alias,
                qualifier: first.and_then(|name| name.qualifier),
            },
        };
        self.query.items.push(item);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Identifier(ident) => {
                let name = self.name(None, ident);
                if self.query.from.len() > 1 {
                    let what = format!(
                        "`{}` without its table, where there are several",
                        name.written
                    );
                    self.refuse(&what, expr.span());
                }
                self.query.columns.push(name);
            }
            Expr::CompoundIdentifier(parts) => {
                if let [schema, function] = parts.as_slice()
                    && self.is_request(schema)
                {
                    let (schema, name) = (fold(schema), fold(function));
                    self.refuse(
                        &format!("`{schema}.{name}` without parentheses"),
                        expr.span(),
                    );
                    let range = self.range(expr.span());
                    self.query.calls.push(Call {
                        schema: Some(schema),
                        name,
                        range,
                    });
                } else if let [.., table, column] = parts.as_slice() {
                    let name = self.name(Some(table), column);
                    self.query.columns.push(name);
                }
            }
            Expr::Value(value) => {
                if !taken::literal(&value.value) {
                    self.refuse("a constant of this form", expr.span());
                }
            }
            Expr::UnaryOp { op, expr: inner } => {
                if !taken::sign(*op, inner) {
                    self.refuse("this sign", expr.span());
                }
                self.expr(inner);
            }
            Expr::Cast {
                expr: inner,
                data_type,
                ..
            } => {
                if !taken::cast(data_type) {
                    let what = format!(
                        "casts to {}, only to text, integer, numeric, real and blob",
                        data_type.to_string().to_lowercase()
                    );
                    self.refuse(&what, expr.span());
                }
                self.expr(inner);
            }
            Expr::Nested(inner)
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsNotFalse(inner) => self.expr(inner),
            Expr::BinaryOp { left, op, right } => {
                if !taken::operator(op) {
                    self.refuse(&format!("the operator {op}"), expr.span());
                }
                self.expr(left);
                self.expr(right);
            }
            Expr::Between {
                expr, low, high, ..
            } => {
                for part in [expr, low, high] {
                    self.expr(part);
                }
            }
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                ..
            } => {
                for part in [Some(expr), substring_from.as_ref(), substring_for.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    self.expr(part);
                }
            }
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => {
                let whens = conditions
                    .iter()
                    .flat_map(|when| [&when.condition, &when.result]);
                let rest = [operand, else_result]
                    .into_iter()
                    .flatten()
                    .map(AsRef::as_ref);
                for part in whens.chain(rest) {
                    self.expr(part);
                }
            }
            Expr::InSubquery {
                expr: tested,
                subquery,
                negated,
            } => {
                let before = (self.query.columns.len(), self.query.calls.len());
                self.expr(tested);
                // With a constant it works; with a row or the request the service cannot say it.
                if *negated && before != (self.query.columns.len(), self.query.calls.len()) {
                    self.refuse("NOT IN (SELECT …)", expr.span());
                }
                self.subquery(subquery, expr.span());
            }
            Expr::InUnnest {
                expr, array_expr, ..
            } => {
                self.expr(expr);
                self.expr(array_expr);
            }
            Expr::Function(function) => self.function(function),
            Expr::Like { .. } | Expr::ILike { .. } => self.refuse("LIKE", expr.span()),
            // One value in parentheses is that value, which then is a list itself.
            Expr::InList { expr, list, .. } if matches!(list.as_slice(), [it] if is_a_list(it)) => {
                self.expr(expr);
                list.iter().for_each(|it| self.expr(it));
            }
            Expr::InList { .. } => {
                self.refuse(
                    "IN with a list of values; compare with each by OR",
                    expr.span(),
                );
            }
            Expr::Subquery(_) | Expr::Exists { .. } => {
                self.refuse("a subquery here; write column IN (SELECT …)", expr.span());
            }
            _ => self.refuse("this expression", expr.span()),
        }
    }

    /// A query behind `IN`.
    fn subquery(&mut self, query: &Query, span: sqlparser::tokenizer::Span) {
        if let Some(what) = taken::refused_clause(query) {
            self.refuse(&format!("{what} in a subquery"), span);
        }
        let SetExpr::Select(inner) = query.body.as_ref() else {
            return self.refuse("this subquery", span);
        };
        if inner.projection.len() > 1 {
            self.refuse("a subquery of several columns", span);
        }
        let inner = select(inner, self.offsets);
        self.query.nested.push(inner);
    }

    /// Is it the word before a function that asks about the request, and no table here?
    fn is_request(&self, ident: &Ident) -> bool {
        let word = fold(ident);
        ["auth", "subscription", "connection"].contains(&word.as_str())
            && !self
                .query
                .from
                .iter()
                .any(|source| source.reference() == word)
    }

    fn function(&mut self, function: &Function) {
        let idents: Vec<&Ident> = function
            .name
            .0
            .iter()
            .filter_map(ObjectNamePart::as_ident)
            .collect();
        if let Some((last, before)) = idents.split_last() {
            let start = self.range(idents[0].span).start;
            let call = Call {
                schema: before.last().map(|ident| ident.value.to_lowercase()),
                name: last.value.to_lowercase(),
                range: start..self.range(last.span).end,
            };
            self.query.calls.push(call);
        }
        if let FunctionArguments::List(list) = &function.args {
            if !taken::arguments(list) {
                self.refuse(
                    "DISTINCT, ORDER BY or named arguments here",
                    function.span(),
                );
            }
            for arg in &list.args {
                self.argument(arg);
            }
        }
    }

    fn argument(&mut self, arg: &FunctionArg) {
        if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
            self.expr(expr);
        }
    }

    /// A condition that is false or NULL for every row: `1 = 0`, `x = NULL`, `false`, or one of
    /// these joined by AND.
    fn never(&self, expr: &Expr) -> Option<Range<usize>> {
        use sqlparser::ast::BinaryOperator::{And, Eq, NotEq};
        match expr {
            Expr::Nested(inner) => self.never(inner),
            Expr::Value(value) if matches!(value.value, Value::Boolean(false) | Value::Null) => {
                Some(self.range(expr.span()))
            }
            Expr::BinaryOp {
                left,
                op: And,
                right,
            } => self.never(left).or_else(|| self.never(right)),
            Expr::BinaryOp {
                left,
                op: Eq | NotEq,
                right,
            } => {
                let null = [left, right].into_iter().any(|side| is_null(side));
                let (op_is_eq, same) = match (left.as_ref(), right.as_ref()) {
                    (Expr::Value(a), Expr::Value(b)) => (
                        matches!(expr, Expr::BinaryOp { op: Eq, .. }),
                        Some(a.value == b.value),
                    ),
                    _ => (true, None),
                };
                let false_constant = same.is_some_and(|same| same != op_is_eq);
                (null || false_constant).then(|| self.range(expr.span()))
            }
            _ => None,
        }
    }
}

/// Can it hold a list: a column, or a parameter?
fn is_a_list(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Function(_)
    )
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if value.value == Value::Null)
}

fn fold(ident: &Ident) -> String {
    if ident.quote_style.is_some() {
        ident.value.clone()
    } else {
        ident.value.to_lowercase()
    }
}

fn last_ident(name: &ObjectName) -> Option<&Ident> {
    name.0.last().and_then(ObjectNamePart::as_ident)
}
