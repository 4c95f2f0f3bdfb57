//! Tokens for development: a key in a file, good on this machine only.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde_json::json;

use super::key::{Algorithm, Pair};
use crate::auth::published;

/// The name of the key.
const ID: &str = "development";

/// The key of a file.
pub(crate) struct Development {
    pair: Pair,
}

impl Development {
    /// The file's key; makes the file where there is none, for its owner's eyes only.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let failed = |why: &dyn ToString| format!("{}: {}", path.display(), why.to_string());
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(why) if why.kind() == ErrorKind::NotFound => {
                let made = Pair::generate(Algorithm::Es256).and_then(|pair| pair.jwks());
                let (_, private) = made.map_err(|_| failed(&"no key could be made"))?;
                let mut options = OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path).map_err(|why| failed(&why))?;
                file.write_all(private.as_bytes())
                    .map_err(|why| failed(&why))?;
                private
            }
            Err(why) => return Err(failed(&why)),
        };
        let pair = Pair::read(&text, Algorithm::Es256);
        let pair =
            pair.map_err(|_| failed(&"it is no key of ours; remove it, and it is made again"))?;
        Ok(Self { pair })
    }

    /// The JWKS.
    pub(crate) fn published(&self) -> Result<String, String> {
        let jwks = self
            .pair
            .jwks()
            .map_err(|_| "the development key is broken".to_owned());
        let key = published::key(ID, &jwks?.0, Some(Algorithm::Es256.name()));
        Ok(json!({ "keys": [key] }).to_string())
    }

    /// A token with these claims.
    pub(crate) fn token(&self, claims: &serde_json::Value) -> Result<String, String> {
        let token = self.pair.token(ID, claims);
        token.map_err(|_| "the token could not be signed".to_owned())
    }
}
