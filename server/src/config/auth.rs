//! Which ways to authenticate fit together.

use super::{Config, Origin};
use crate::auth::place;

/// The shortest secret of a server that issues tokens, in characters.
const SHORTEST: usize = 32;

impl Config {
    /// The issuer of tokens: as it is set, or in issuer mode the audience, as Better Auth has it;
    /// empty for any.
    pub fn auth_issuer_name(&self) -> &str {
        if self.auth_issuer.is_empty() && self.auth_issue {
            return &self.auth_audience;
        }
        &self.auth_issuer
    }

    /// The origins that may write with a cookie, as browsers send them.
    pub(crate) fn named_origins(&self) -> Vec<String> {
        let named = self.cors_origins.0.iter().filter_map(|it| match it {
            Origin::Named(origin) => Some(origin.clone()),
            Origin::Any => None,
        });
        named.collect()
    }

    pub(super) fn check_auth(&self, errors: &mut Vec<String>) {
        let (file, url) = (
            self.auth_jwks_file.0.is_some(),
            self.auth_jwks_url.0.is_some(),
        );
        let development = self.auth_development_key.0.is_some();
        let secret = self.auth_secret.0.as_ref();
        if let Some(Err(why)) = self.auth_jwks_url.0.as_deref().map(place) {
            errors.push(format!("SYNCLINE_AUTH_JWKS_URL: {why}"));
        }
        let mut error = |what: &str| errors.push(what.to_owned());
        if self.auth_issue {
            if file || url {
                error(
                    "SYNCLINE_AUTH_ISSUE: the server's own keys are in the database; leave SYNCLINE_AUTH_JWKS_FILE and SYNCLINE_AUTH_JWKS_URL out",
                );
            }
            if secret.is_none_or(|it| it.expose().chars().count() < SHORTEST) {
                error(
                    "SYNCLINE_AUTH_SECRET is not set, or shorter than 32 characters: keys and cookies are protected by it; `openssl rand -base64 32` makes one",
                );
            }
        } else if file && url {
            error(
                "SYNCLINE_AUTH_JWKS_FILE and SYNCLINE_AUTH_JWKS_URL are both set: tokens have one issuer",
            );
        } else if !file && !url && !development && secret.is_none() {
            error(
                "nothing can authenticate a request: set SYNCLINE_AUTH_JWKS_URL, SYNCLINE_AUTH_JWKS_FILE or SYNCLINE_AUTH_ISSUE",
            );
        }
        if development && !self.listen.ip().is_loopback() {
            error(
                "SYNCLINE_AUTH_DEVELOPMENT_KEY is for loopback only, and SYNCLINE_LISTEN is not: whoever has the file is any user",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn errors(pairs: &[(&str, &str)]) -> Vec<String> {
        let get = |name: &str| match name {
            "DATABASE_URL" => Some("postgres://db/app".to_owned()),
            "SYNCLINE_AUTH_AUDIENCE" => Some("app".to_owned()),
            name => {
                let name = name.strip_prefix("SYNCLINE_AUTH_").unwrap_or(name);
                let pair = pairs.iter().find(|(own, _)| *own == name)?;
                Some(pair.1.to_owned())
            }
        };
        Config::load(None, get).err().unwrap_or_default()
    }

    #[test]
    fn one_way_is_enough_and_two_issuers_are_too_many() {
        let long = "0123456789abcdef0123456789abcdef";
        let (file, url) = (("JWKS_FILE", "keys.json"), ("JWKS_URL", "https://a/jwks"));
        let (issue, secret) = (("ISSUE", "true"), ("SECRET", long));
        let key = ("DEVELOPMENT_KEY", "key.json");
        for good in [
            &[file][..],
            &[url],
            &[url, secret],
            &[secret],
            &[issue, secret],
            &[key],
            &[key, url],
        ] {
            assert_eq!(errors(good), [""; 0], "{good:?}");
        }
        for bad in [
            &[][..],
            &[file, url],
            &[issue],
            &[issue, ("SECRET", "short")],
            &[issue, secret, url],
            &[key, ("SYNCLINE_LISTEN", "0.0.0.0:80")],
            &[("JWKS_URL", "ftp://a/b")],
        ] {
            assert_eq!(errors(bad).len(), 1, "{bad:?}");
        }
    }
}
