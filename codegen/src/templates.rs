//! The templates, compiled into the program. They place text; everything was decided in the view.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};

use crate::targets::Target;

/// The template engine with the templates of the targets in it.
#[derive(Debug)]
pub(crate) struct Templates {
    engine: Environment<'static>,
}

impl Templates {
    pub(crate) fn new(targets: &[&Target]) -> Result<Self, minijinja::Error> {
        let mut engine = Environment::new();
        // Block tags may stand on lines of their own and leave no trace.
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?;
        engine.set_syntax(syntax);
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        for (name, text) in targets.iter().flat_map(|target| target.templates) {
            engine.add_template(name, text)?;
        }
        Ok(Self { engine })
    }

    pub(crate) fn render(
        &self,
        name: &str,
        view: &impl serde::Serialize,
    ) -> Result<String, minijinja::Error> {
        self.engine
            .get_template(name)?
            .render(minijinja::value::Serde(view))
    }
}
