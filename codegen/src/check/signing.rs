//! Who signs the tokens that a service takes: `[auth]` of the source, or Better Auth's own options
//! where there is no source.

use syncline_schema::Place;
use syncline_schema::model::Auth;

use super::auth::{DEFAULT_ALGORITHM, origin};
use crate::read::auth::{AuthOptions, Said};

/// Where Better Auth answers unless it is told otherwise.
const BASE_PATH: &str = "/api/auth";

/// Where it has its keys, below that.
const KEYS_PATH: &str = "/jwks";

/// What is known of tokens.
#[derive(Debug, Default)]
pub(super) struct Signing {
    /// The `aud` claim.
    pub(super) audience: Option<Fact>,
    /// The signature.
    pub(super) algorithm: Option<Fact>,
    /// The address of the keys.
    pub(super) jwks_uri: Option<Fact>,
    /// Who says so, as messages call it.
    pub(super) by: &'static str,
}

/// A value, and where it is said.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) text: String,
    pub(super) place: Place,
}

impl Signing {
    /// What the source says.
    pub(super) fn of_source(auth: &Auth) -> Self {
        let fact = |text: &str, place| {
            Some(Fact {
                text: text.to_owned(),
                place,
            })
        };
        Self {
            audience: fact(&auth.audience, auth.places.audience),
            algorithm: fact(auth.algorithm.name(), auth.places.algorithm),
            jwks_uri: fact(&auth.jwks_uri, auth.places.jwks_uri),
            by: "`[auth]`",
        }
    }

    /// What Better Auth's options come to; what a deployment gives is not known.
    pub(super) fn of_options(read: &AuthOptions) -> Self {
        let mut found = Self {
            by: "Better Auth",
            ..Self::default()
        };
        let Some(plugin) = read.plugin else {
            return found;
        };
        let base = match &read.base_url {
            Said::Text(url, place) => Some((origin(url), *place)),
            _ => None,
        };
        found.algorithm = match &read.algorithm {
            Said::Text(text, place) => Some((text.clone(), *place)),
            Said::Nothing => Some((DEFAULT_ALGORITHM.to_owned(), plugin)),
            Said::Elsewhere => None,
        }
        .map(Fact::of);
        found.audience = match &read.audience {
            Said::Text(text, place) => Some((text.clone(), *place)),
            Said::Nothing => base.clone(),
            Said::Elsewhere => None,
        }
        .map(Fact::of);
        let path = |said: &Said, standard: &str| match said {
            Said::Text(text, _) => Some(text.clone()),
            Said::Nothing => Some(standard.to_owned()),
            Said::Elsewhere => None,
        };
        found.jwks_uri = base
            .zip(path(&read.base_path, BASE_PATH))
            .zip(path(&read.keys_path, KEYS_PATH))
            .map(|(((url, place), base), keys)| Fact::of((format!("{url}{base}{keys}"), place)));
        found
    }
}

impl Fact {
    fn of((text, place): (String, Place)) -> Self {
        Self { text, place }
    }
}
