//! The parser's tree to [`Expr`]s.

use oxc_ast::ast;
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};

use super::syntax::{Entry, Expr, Function, Kind, Param};

fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// An expression, without parentheses and type assertions.
pub(super) fn expression(outer: &ast::Expression<'_>) -> Expr {
    use ast::Expression as E;
    let inner = outer.get_inner_expression();
    let kind = match inner {
        E::StringLiteral(it) => Kind::Text(it.value.to_string()),
        E::NumericLiteral(it) => Kind::Number(it.value),
        E::BooleanLiteral(it) => Kind::Bool(it.value),
        E::Identifier(it) => Kind::Name(it.name.to_string()),
        E::StaticMemberExpression(it) => Kind::Member(
            Box::new(expression(&it.object)),
            it.property.name.to_string(),
        ),
        E::ChainExpression(_) => other(inner),
        E::CallExpression(it) => call(it).unwrap_or_else(|| other(inner)),
        E::ObjectExpression(it) => Kind::Object(it.properties.iter().map(entry).collect()),
        E::ArrayExpression(it) => array(it).unwrap_or_else(|| other(inner)),
        E::ArrowFunctionExpression(it) => Kind::Function(arrow(it)),
        E::FunctionExpression(it) => Kind::Function(function(it)),
        E::TemplateLiteral(it) => template(it),
        _ => other(inner),
    };
    Expr {
        kind,
        span: range(inner.span()),
    }
}

/// The expressions in statements that declare nothing, for the tables that may hide in them.
pub(super) fn loose(statement: &ast::Statement<'_>) -> Vec<Expr> {
    let mut found = Inside::default();
    found.visit_statement(statement);
    found.list
}

/// A function declared by a statement.
pub(super) fn function(it: &ast::Function<'_>) -> Function {
    with_body(params(&it.params), it.body.as_deref())
}

fn arrow(it: &ast::ArrowFunctionExpression<'_>) -> Function {
    let params = params(&it.params);
    match &it.body {
        ast::ArrowFunctionBody::FunctionBody(body) => with_body(params, Some(body)),
        body => Function {
            params,
            result: body.as_expression().map(|it| Box::new(expression(it))),
            rest: Vec::new(),
        },
    }
}

fn with_body(params: Vec<Param>, body: Option<&ast::FunctionBody<'_>>) -> Function {
    let statements = body.map(|it| it.statements.as_slice()).unwrap_or_default();
    match statements {
        [ast::Statement::ReturnStatement(only)] => Function {
            params,
            result: only.argument.as_ref().map(|it| Box::new(expression(it))),
            rest: Vec::new(),
        },
        several => Function {
            params,
            result: None,
            rest: several.iter().flat_map(loose).collect(),
        },
    }
}

fn params(list: &ast::FormalParameters<'_>) -> Vec<Param> {
    let mut params: Vec<_> = list
        .items
        .iter()
        .map(|item| match (&item.pattern, &item.initializer) {
            // What a parameter is by default is not followed, only what it is given.
            (ast::BindingPattern::BindingIdentifier(it), _) => Param::Name(it.name.to_string()),
            (ast::BindingPattern::ObjectPattern(it), None) if it.rest.is_none() => fields(it),
            _ => Param::Other,
        })
        .collect();
    if list.rest.is_some() {
        params.push(Param::Other);
    }
    params
}

fn fields(pattern: &ast::ObjectPattern<'_>) -> Param {
    let names = pattern.properties.iter().map(|property| {
        let ast::BindingPattern::BindingIdentifier(local) = &property.value else {
            return None;
        };
        Some((
            property.key.static_name()?.to_string(),
            local.name.to_string(),
        ))
    });
    names
        .collect::<Option<_>>()
        .map_or(Param::Other, Param::Fields)
}

fn call(it: &ast::CallExpression<'_>) -> Option<Kind> {
    let args: Option<Vec<_>> = it
        .arguments
        .iter()
        .map(|arg| arg.as_expression().map(expression))
        .collect();
    Some(Kind::Call(Box::new(expression(&it.callee)), args?))
}

fn array(it: &ast::ArrayExpression<'_>) -> Option<Kind> {
    let items: Option<Vec<_>> = it
        .elements
        .iter()
        .map(|item| item.as_expression().map(expression))
        .collect();
    Some(Kind::Array(items?))
}

fn template(it: &ast::TemplateLiteral<'_>) -> Kind {
    let texts = it.quasis.iter().map(|part| {
        let cooked = part.value.cooked.as_ref();
        cooked.map(|it| it.to_string())
    });
    match texts.collect::<Option<Vec<_>>>() {
        Some(texts) => Kind::Template(texts, it.expressions.iter().map(expression).collect()),
        None => Kind::Other(it.expressions.iter().map(expression).collect()),
    }
}

fn entry(property: &ast::ObjectPropertyKind<'_>) -> Entry {
    let property = match property {
        ast::ObjectPropertyKind::SpreadProperty(it) => {
            return Entry::Spread(expression(&it.argument));
        }
        ast::ObjectPropertyKind::ObjectProperty(it) => it,
    };
    let value = expression(&property.value);
    let plain = property.kind == ast::PropertyKind::Init;
    match property.key.static_name() {
        // `["name"]: …` is as static as `name: …`, and a method is a function under its name.
        Some(key) if plain => Entry::Field {
            key: key.to_string(),
            value,
        },
        _ => Entry::Other(value),
    }
}

fn other(inner: &ast::Expression<'_>) -> Kind {
    let mut found = Inside::default();
    walk::walk_expression(&mut found, inner);
    Kind::Other(found.list)
}

/// Collects the outermost expressions of what it walks over.
#[derive(Default)]
struct Inside {
    list: Vec<Expr>,
}

impl<'a> Visit<'a> for Inside {
    fn visit_expression(&mut self, it: &ast::Expression<'a>) {
        self.list.push(expression(it));
    }

    // Types hold no tables.
    fn visit_ts_type(&mut self, _: &ast::TSType<'a>) {}
}
