//! What `auth.ts` prints.

use syncline_schema::Place;
use syncline_schema::model::{Algorithm, Auth};

use crate::targets::typescript::string;
use crate::targets::{BANNER, Emission};

/// Where Better Auth answers, below the issuer, unless it is told otherwise.
const BASE_PATH: &str = "/api/auth";

/// Where its `jwt` plugin serves the public keys, below [`BASE_PATH`], unless it is told otherwise.
const JWKS_PATH: &str = "/jwks";

/// The file. Texts are TypeScript strings.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    issuer: String,
    audience: String,
    algorithm: String,
    /// Do Better Auth's types lack the algorithm?
    untyped: bool,
    lifetime: String,
    /// The path of the public keys, where it is not the plugin's own.
    jwks_path: String,
    /// The address of the public keys, where Better Auth does not serve them.
    jwks_elsewhere: String,
}

/// Lowers the auth settings; what Better Auth cannot do goes to `out` as a note.
pub(super) fn lower(auth: &Auth, out: &mut Emission<'_>) -> View {
    let base = format!("{}{BASE_PATH}", auth.issuer.trim_end_matches('/'));
    let path = auth
        .jwks_uri
        .strip_prefix(&base)
        .filter(|path| path.starts_with('/') && !path.contains(".."));
    if path.is_none() {
        let message = format!(
            "Better Auth does not serve the public keys at {}: `jwks_uri` is not below {base}",
            auth.jwks_uri
        );
        out.note(Place::NOWHERE, message);
    }
    let untyped = auth.algorithm == Algorithm::Es384;
    if untyped {
        out.note(
            Place::NOWHERE,
            "Better Auth signs with ES384, but its types do not list it",
        );
    }
    View {
        banner: BANNER,
        issuer: string(&auth.issuer),
        audience: string(&auth.audience),
        algorithm: string(auth.algorithm.name()),
        untyped,
        lifetime: string(&lifetime(auth.token_lifetime)),
        jwks_path: path
            .filter(|path| *path != JWKS_PATH)
            .map(string)
            .unwrap_or_default(),
        jwks_elsewhere: if path.is_none() {
            auth.jwks_uri.clone()
        } else {
            String::new()
        },
    }
}

/// Seconds, in the largest unit that divides them.
fn lifetime(seconds: u32) -> String {
    match seconds {
        _ if seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lifetimes_read_well() {
        let shown = [900, 3_600, 86_400, 90, 61].map(super::lifetime);
        assert_eq!(shown, ["15m", "1h", "24h", "90s", "61s"]);
    }
}
