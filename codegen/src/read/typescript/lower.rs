//! The parser's tree to [`Expr`]s.

use oxc_ast::ast;
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};

use super::syntax::{Entry, Expr, Function, Kind, Param};

fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// An expression, without parentheses and type assertions.
pub(in crate::read) fn expression(outer: &ast::Expression<'_>) -> Expr {
    use ast::Expression as E;
    let inner = outer.get_inner_expression();
    let kind = match inner {
        E::StringLiteral(it) => Kind::Text(it.value.to_string()),
        E::NumericLiteral(it) => Kind::Number(it.value),
        E::BooleanLiteral(it) => Kind::Bool(it.value),
        E::NullLiteral(_) => Kind::Null,
        E::BigIntLiteral(it) => Kind::BigInt(it.value.to_string()),
        E::UnaryExpression(it) => negative(it).unwrap_or_else(|| other(inner)),
        E::Identifier(it) => Kind::Name(it.name.to_string()),
        E::StaticMemberExpression(it) => Kind::Member(
            Box::new(expression(&it.object)),
            it.property.name.to_string(),
        ),
        E::ChainExpression(_) => other(inner),
        E::CallExpression(it) => call(it).unwrap_or_else(|| other(inner)),
        E::ObjectExpression(it) => Kind::Object(it.properties.iter().map(entry).collect()),
        E::ArrayExpression(it) => array(it).unwrap_or_else(|| other(inner)),
        E::ArrowFunctionExpression(it) => Kind::Function(Box::new(arrow(it))),
        E::FunctionExpression(it) => Kind::Function(Box::new(function(it))),
        E::TemplateLiteral(it) => template(it),
        E::TaggedTemplateExpression(it) => match template(&it.quasi) {
            Kind::Template(texts, holes) => {
                Kind::Tagged(Box::new(expression(&it.tag)), texts, holes)
            }
            plain => plain,
        },
        E::NewExpression(it) => match arguments(&it.arguments) {
            Some(args) => Kind::New(Box::new(expression(&it.callee)), args),
            None => other(inner),
        },
        E::AwaitExpression(it) => return expression(&it.argument),
        _ => other(inner),
    };
    Expr {
        kind,
        span: range(inner.span()),
    }
}

/// The expressions in statements that declare nothing, for the tables that may hide in them.
pub(in crate::read) fn loose(statement: &ast::Statement<'_>) -> Vec<Expr> {
    let mut found = Inside::default();
    found.visit_statement(statement);
    found.list
}

/// The expressions in a declaration of something else than names: a class.
pub(super) fn loose_in(declaration: &ast::Declaration<'_>) -> Vec<Expr> {
    let mut found = Inside::default();
    found.visit_declaration(declaration);
    found.list
}

/// A function declared by a statement.
pub(in crate::read) fn function(it: &ast::Function<'_>) -> Function {
    with_body(params(&it.params), it.body.as_deref())
}

fn arrow(it: &ast::ArrowFunctionExpression<'_>) -> Function {
    let params = params(&it.params);
    match &it.body {
        ast::ArrowFunctionBody::FunctionBody(body) => with_body(params, Some(body)),
        body => Function {
            params,
            locals: Vec::new(),
            result: body.as_expression().map(|it| Box::new(expression(it))),
            rest: Vec::new(),
        },
    }
}

fn with_body(params: Vec<Param>, body: Option<&ast::FunctionBody<'_>>) -> Function {
    let statements = body.map(|it| it.statements.as_slice()).unwrap_or_default();
    if let [before @ .., ast::Statement::ReturnStatement(last)] = statements
        && let Some(locals) = before.iter().map(constants).collect::<Option<Vec<_>>>()
    {
        return Function {
            params,
            locals: locals.into_iter().flatten().collect(),
            result: last.argument.as_ref().map(|it| Box::new(expression(it))),
            rest: Vec::new(),
        };
    }
    Function {
        params,
        locals: Vec::new(),
        result: None,
        rest: statements.iter().flat_map(loose).collect(),
    }
}

/// The names and values of a `const` statement; none for any other statement.
fn constants(statement: &ast::Statement<'_>) -> Option<Vec<(String, Expr)>> {
    let ast::Statement::VariableDeclaration(it) = statement else {
        return None;
    };
    let one = |one: &ast::VariableDeclarator<'_>| {
        let ast::BindingPattern::BindingIdentifier(name) = &one.id else {
            return None;
        };
        Some((name.name.to_string(), expression(one.init.as_ref()?)))
    };
    it.kind
        .is_const()
        .then(|| it.declarations.iter().map(one).collect())
        .flatten()
}

/// `-1`
fn negative(it: &ast::UnaryExpression<'_>) -> Option<Kind> {
    if it.operator != oxc_ast::ast::UnaryOperator::UnaryNegation {
        return None;
    }
    match expression(&it.argument).kind {
        Kind::Number(number) => Some(Kind::Number(-number)),
        Kind::BigInt(digits) => Some(Kind::BigInt(format!("-{digits}"))),
        _ => None,
    }
}

fn params(list: &ast::FormalParameters<'_>) -> Vec<Param> {
    let mut params: Vec<_> = list
        .items
        .iter()
        .map(|item| match (&item.pattern, &item.initializer) {
            (ast::BindingPattern::BindingIdentifier(it), default) => {
                let default = default.as_ref().map(|it| expression(it));
                Param::Name(it.name.to_string(), default)
            }
            (ast::BindingPattern::ObjectPattern(it), default) if it.rest.is_none() => {
                fields(it, default.as_ref().map(|it| expression(it)))
            }
            _ => Param::Other,
        })
        .collect();
    if list.rest.is_some() {
        params.push(Param::Other);
    }
    params
}

fn fields(pattern: &ast::ObjectPattern<'_>, default: Option<Expr>) -> Param {
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
        .map_or(Param::Other, |names| Param::Fields(names, default))
}

fn call(it: &ast::CallExpression<'_>) -> Option<Kind> {
    let args = arguments(&it.arguments)?;
    Some(Kind::Call(Box::new(expression(&it.callee)), args))
}

/// None where one of them is spread.
fn arguments(list: &[ast::Argument<'_>]) -> Option<Vec<Expr>> {
    list.iter()
        .map(|arg| arg.as_expression().map(expression))
        .collect()
}

fn array(it: &ast::ArrayExpression<'_>) -> Option<Kind> {
    let items: Option<Vec<_>> = it
        .elements
        .iter()
        .map(|item| match item {
            ast::ArrayExpressionElement::SpreadElement(it) => Some(Expr {
                kind: Kind::Spread(Box::new(expression(&it.argument))),
                span: range(it.span),
            }),
            item => item.as_expression().map(expression),
        })
        .collect();
    Some(Kind::Array(items?))
}

fn template(it: &ast::TemplateLiteral<'_>) -> Kind {
    let texts = it.quasis.iter().map(|part| {
        let cooked = part.value.cooked.as_ref();
        cooked.map(|it| it.to_string())
    });
    match texts.collect::<Option<Box<[_]>>>() {
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

/// The names and the `.complete()` calls inside of functions.
pub(super) fn inside(program: &ast::Program<'_>) -> super::module::Inside {
    let mut found = Deep::default();
    found.visit_program(program);
    found.inside
}

#[derive(Default)]
struct Deep {
    inside: super::module::Inside,
    /// How many `catch` and `finally` are around.
    caught: usize,
}

impl<'a> Visit<'a> for Deep {
    fn visit_variable_declarator(&mut self, it: &ast::VariableDeclarator<'a>) {
        if let (ast::BindingPattern::BindingIdentifier(id), Some(init)) = (&it.id, &it.init) {
            self.inside
                .names
                .entry(id.name.to_string())
                .and_modify(|known| *known = None)
                .or_insert_with(|| Some(expression(init)));
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_try_statement(&mut self, it: &ast::TryStatement<'a>) {
        self.visit_block_statement(&it.block);
        self.caught += 1;
        if let Some(handler) = &it.handler {
            self.visit_catch_clause(handler);
        }
        if let Some(last) = &it.finalizer {
            self.visit_block_statement(last);
        }
        self.caught -= 1;
    }

    fn visit_call_expression(&mut self, it: &ast::CallExpression<'a>) {
        let method = match &it.callee {
            ast::Expression::StaticMemberExpression(it) => it.property.name.as_str(),
            _ => "",
        };
        self.inside.is_connector |= method == "complete";
        if self.caught > 0 && method == "complete" {
            self.inside.completes.push(range(it.span));
        }
        // `.catch(() => …)` is a `catch` as well.
        self.caught += usize::from(method == "catch" || method == "finally");
        walk::walk_call_expression(self, it);
        self.caught -= usize::from(method == "catch" || method == "finally");
    }

    fn visit_ts_type(&mut self, _: &ast::TSType<'a>) {}
}
