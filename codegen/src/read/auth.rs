//! The reader of Better Auth options: `betterAuth({ … })` and `jwt({ … })`. In: TypeScript. Out: what
//! tokens are signed with, and for whom.

use syncline_schema::{Diagnostics, Place};

/// What the options say.
#[derive(Debug, Default)]
pub struct AuthOptions {
    /// `baseURL`.
    pub base_url: Said,
    /// `basePath`
    pub base_path: Said,
    /// The `jwt` plugin: where it is called.
    pub plugin: Option<Place>,
    /// Where `betterAuth` is called.
    pub call: Option<Place>,
    /// `jwks.keyPairConfig.alg`
    pub algorithm: Said,
    /// `jwks.jwksPath`
    pub keys_path: Said,
    /// `jwt.issuer`
    pub issuer: Said,
    /// `jwt.audience`
    pub audience: Said,
    /// `jwt.expirationTime`
    pub lifetime: Said,
    /// The plugins could not all be followed.
    pub gaps: bool,
    /// C001 and C005.
    pub diagnostics: Diagnostics,
}

/// One option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// It is not given.
    #[default]
    Nothing,
    /// This text, and where.
    Text(String, Place),
    /// A value that a deployment gives, or that is computed.
    Elsewhere,
}

#[cfg(feature = "read-ts")]
pub use self::with::read;
#[cfg(not(feature = "read-ts"))]
pub use self::without::read;

#[cfg(not(feature = "read-ts"))]
mod without {
    use super::AuthOptions;
    use crate::read::text::Source;
    use crate::read::{Library, no_typescript};

    /// Says that this build cannot read TypeScript.
    pub fn read(file: &Source, _: Library<'_>) -> AuthOptions {
        let mut found = AuthOptions::default();
        found.diagnostics.push(no_typescript(&[file]));
        found
    }
}

#[cfg(feature = "read-ts")]
mod with {
    use syncline_schema::codes::Code;
    use syncline_schema::{Diagnostic, Place};

    use super::{AuthOptions, Said};
    use crate::read::Library;
    use crate::read::drizzle::column::first_line;
    use crate::read::text::Source;
    use crate::read::typescript::resolve::{Program, Scope, Value};
    use crate::read::typescript::syntax::{Expr, Kind};
    use crate::read::typescript::{follow, walk};

    /// Reads a file, with what it imports.
    pub fn read(file: &Source, library: Library<'_>) -> AuthOptions {
        let given = std::slice::from_ref(file);
        follow::read(given, Some(library), true, |program| calls(file, program)).unwrap_or_else(
            |problems| {
                let mut found = AuthOptions::default();
                found.diagnostics.extend(problems);
                found
            },
        )
    }

    fn calls(file: &Source, program: &Program) -> AuthOptions {
        let mut found = AuthOptions::default();
        walk::expressions(program, |module, expr| {
            let Kind::Call(callee, args) = &expr.kind else {
                return true;
            };
            let scope = Program::top(module);
            let place = first_line(program, module, &expr.span);
            match program.imported(callee, module) {
                Some(("better-auth" | "better-auth/minimal", "betterAuth")) => {
                    found.call = Some(place);
                    if let Some(options) = args.first() {
                        found.base_url = said(program, options, &scope, &["baseURL"]);
                        found.base_path = said(program, options, &scope, &["basePath"]);
                        found.gaps |= !plugins_are_listed(program, options, &scope);
                    }
                }
                Some((source, "jwt")) if source.starts_with("better-auth/") => {
                    found.plugin = Some(place);
                    if let Some(options) = args.first() {
                        let of = |path: &[&str]| said(program, options, &scope, path);
                        found.algorithm = of(&["jwks", "keyPairConfig", "alg"]);
                        found.keys_path = of(&["jwks", "jwksPath"]);
                        found.issuer = of(&["jwt", "issuer"]);
                        found.audience = of(&["jwt", "audience"]);
                        found.lifetime = of(&["jwt", "expirationTime"]);
                    }
                }
                _ => {}
            }
            true
        });
        if found.call.is_none() && found.plugin.is_none() {
            let message = format!("{} holds no options of Better Auth", file.path);
            found.diagnostics.push(
                Diagnostic::new(Code::C001, message)
                    .at(Place::new(file.file, 0..0), "")
                    .help("they are read from `betterAuth({ … })` and its plugin `jwt({ … })`"),
            );
        }
        found
    }

    /// Are the plugins a list that is written out in a file that was read?
    fn plugins_are_listed<'m>(program: &'m Program, options: &'m Expr, scope: &Scope<'m>) -> bool {
        match at(program, options, scope, &["plugins"]) {
            Some(Value::Expr(list, _)) => match &list.kind {
                Kind::Array(items) => items.iter().all(|it| matches!(it.kind, Kind::Call(..))),
                _ => false,
            },
            Some(_) => false,
            None => true,
        }
    }

    /// What stands under a path of keys; none where a key is not there.
    fn at<'m>(
        program: &'m Program,
        object: &'m Expr,
        scope: &Scope<'m>,
        path: &[&str],
    ) -> Option<Value<'m>> {
        let mut value = program.value(object, scope);
        for key in path {
            let Value::Expr(it, inner) = &value else {
                return Some(Value::Unknown("it is no object".to_owned()));
            };
            let Kind::Object(entries) = &it.kind else {
                return Some(Value::Unknown("it is no object".to_owned()));
            };
            value = program.field(entries, key, inner)?;
        }
        Some(value)
    }

    fn said<'m>(program: &'m Program, object: &'m Expr, scope: &Scope<'m>, path: &[&str]) -> Said {
        match at(program, object, scope, path) {
            None => Said::Nothing,
            Some(Value::Expr(it, inner)) => match program.text(it, &inner) {
                Ok(text) => Said::Text(text, first_line(program, inner.module, &it.span)),
                Err(_) => Said::Elsewhere,
            },
            Some(_) => Said::Elsewhere,
        }
    }
}
