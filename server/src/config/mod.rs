//! The configuration, from the environment and a file.
//!
//! The environment wins over the file, the file over the defaults. Everything that is wrong is
//! said at once, and no value is: it may be a secret.

mod auth;
mod keys;
mod value;

use std::fmt::{Display, Write};
use std::path::Path;
use std::str::FromStr;

pub use keys::{Config, KEYS, Key};
pub use value::{Bytes, Endpoint, List, Log, Maybe, Origin, Patience, Secret};

impl Config {
    /// Reads the file, where there is one, and the environment.
    ///
    /// # Errors
    ///
    /// A line for each thing that is wrong.
    pub fn load(
        file: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<String>> {
        let (table, mut errors) = match file.map(read_file) {
            None => (toml::Table::new(), Vec::new()),
            Some(Ok(table)) => (table, Vec::new()),
            Some(Err(error)) => (toml::Table::new(), vec![error]),
        };
        for name in table.keys() {
            if !KEYS.iter().any(|key| key.name == name) {
                errors.push(format!(
                    "{name}: there is no such key; --help lists them all"
                ));
            }
        }
        let read = Self::read(|key| {
            let from_file = || table.get(key.name).map(text);
            environment(&key.env()).or_else(from_file)
        });
        match read {
            Ok(config) => {
                config.check_auth(&mut errors);
                if errors.is_empty() {
                    return Ok(config);
                }
                Err(errors)
            }
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }
}

/// All keys with their defaults and what they do, as `--help` and the docs show them.
pub fn describe() -> String {
    let mut out = String::new();
    for key in KEYS {
        let default = match key.default {
            None => "required".to_owned(),
            Some("") => "empty by default".to_owned(),
            Some(default) => format!("default {default}"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {:<34} {} ({default})", key.env(), key.doc);
    }
    out
}

fn read_file(path: &Path) -> Result<toml::Table, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|why| format!("{name}: {why}"))?;
    // toml's own message shows the line, which may hold a secret.
    text.parse().map_err(|why: toml::de::Error| {
        let line = why.span().map_or(0, |span| {
            text.get(..span.start)
                .map_or(0, |before| before.matches('\n').count() + 1)
        });
        format!("{name}: line {line} is not TOML: {}", why.message())
    })
}

/// Numbers and switches may stand without quotes; nothing else has a key.
fn text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(switch) => switch.to_string(),
        _ => String::new(),
    }
}

fn parse<T: FromStr<Err: Display>>(
    key: &Key,
    given: Option<String>,
    errors: &mut Vec<String>,
) -> Option<T> {
    let Some(text) = given.as_deref().or(key.default) else {
        errors.push(format!("{} is not set: {}", key.env(), key.doc));
        return None;
    };
    match text.parse() {
        Ok(value) => Some(value),
        Err(why) => {
            errors.push(format!("{}: {why}", key.env()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let get = |name: &str| {
            let pair = pairs.iter().find(|(own, _)| *own == name)?;
            Some(pair.1.to_owned())
        };
        Config::load(None, get)
    }

    const ENOUGH: &[(&str, &str)] = &[
        ("DATABASE_URL", "postgres://user:hunter2@db/app"),
        ("SYNCLINE_AUTH_JWKS_FILE", "keys.json"),
        ("SYNCLINE_AUTH_AUDIENCE", "app"),
    ];

    #[test]
    fn what_is_not_set_has_its_default() {
        let config = load(ENOUGH).expect("enough");
        assert_eq!(config.max_body, Bytes(16 << 20));
        assert_eq!(config.lock_timeout.0.as_secs(), 5);
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn lists_and_empty_values_are_read() {
        let mut pairs = ENOUGH.to_vec();
        pairs.extend([
            (
                "SYNCLINE_CORS_ORIGINS",
                "https://app.example, capacitor://localhost",
            ),
            (
                "SYNCLINE_POWERSYNC_URL",
                "https://a.example/,http://b.example:8080",
            ),
        ]);
        let config = load(&pairs).expect("right");
        let named = ["https://app.example", "capacitor://localhost"];
        assert_eq!(
            config.cors_origins.0,
            named.map(|it| Origin::Named(it.to_owned()))
        );
        let urls = ["https://a.example", "http://b.example:8080"];
        assert_eq!(
            config.powersync_url.0,
            urls.map(|it| Endpoint(it.to_owned()))
        );
        assert_eq!(config.listen_metrics, Maybe(None));
        for (key, wrong) in [
            ("SYNCLINE_CORS_ORIGINS", "app.example"),
            ("SYNCLINE_CORS_ORIGINS", "https://app.example/path"),
            ("SYNCLINE_CORS_ORIGINS", "https://*.example"),
            ("SYNCLINE_CORS_ORIGINS", "null"),
            ("SYNCLINE_POWERSYNC_URL", "ftp://a.example"),
            ("SYNCLINE_POWERSYNC_URL", "https://user@a.example"),
        ] {
            let mut pairs = ENOUGH.to_vec();
            pairs.push((key, wrong));
            assert_eq!(load(&pairs).expect_err(wrong).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_no_value_is() {
        let errors = load(&[
            ("DATABASE_URL", ""),
            ("SYNCLINE_LISTEN", "hunter2"),
            ("SYNCLINE_MAX_BODY", "16 apples"),
        ])
        .expect_err("wrong");
        assert_eq!(
            errors,
            [
                "DATABASE_URL: is empty",
                "SYNCLINE_LISTEN: invalid socket address syntax",
                "SYNCLINE_AUTH_AUDIENCE is not set: The audience that tokens must have, to the character.",
                "SYNCLINE_MAX_BODY: is not a size such as 512, 64KiB or 16MiB",
            ]
        );
    }
}
