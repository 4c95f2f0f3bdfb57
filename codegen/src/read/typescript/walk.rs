//! Every expression of the files that were given, those inside of functions too.

use super::module::Binding;
use super::resolve::Program;
use super::syntax::Expr;

/// Calls `each` for every expression, from the outside in; what is inside of one for which it
/// gives false is left out.
pub(in crate::read) fn expressions<'m>(
    program: &'m Program,
    mut each: impl FnMut(usize, &'m Expr) -> bool,
) {
    for (at, module) in program.modules.iter().enumerate() {
        if !module.given {
            continue;
        }
        let declared = module.declared.iter();
        let constants = declared.filter_map(|name| match module.names.get(name) {
            Some(Binding::Constant(value)) => Some(value),
            _ => None,
        });
        let mut open: Vec<&Expr> = constants.chain(&module.loose).collect();
        open.reverse();
        while let Some(expr) = open.pop() {
            if each(at, expr) {
                let mut inner: Vec<_> = expr.children().into_iter().map(|(it, _)| it).collect();
                inner.reverse();
                open.extend(inner);
            }
        }
    }
}
