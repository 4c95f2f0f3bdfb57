//! What a device has to know of its token. Nothing is verified here: that is for the server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

const MINUTE: i64 = 60_000;

/// A token. Times are in milliseconds since 1970, by this device's clock.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// The claim `sub`, if there is one.
    pub(crate) user: Option<String>,
    /// When to ask for the next one.
    pub(crate) renew_at: i64,
}

/// Reads a token that was asked for at `asked`. Its lifetime counts from then: the device's clock may be
/// wrong by years.
pub(crate) fn read_token(text: String, asked: i64) -> Token {
    let claims = claims(&text).unwrap_or_default();
    let time = |name: &str| claims[name].as_f64();
    let lifetime = match (time("iat"), time("exp")) {
        // Floats beyond its range become its ends.
        (Some(from), Some(to)) => {
            (((to - from) * 1_000.0) as i64).clamp(0, i64::from(u32::MAX) * 1_000)
        }
        _ => MINUTE,
    };
    Token {
        user: claims["sub"].as_str().map(str::to_owned),
        renew_at: asked + lifetime - MINUTE.min(lifetime / 4),
        text,
    }
}

fn claims(token: &str) -> Option<Value> {
    let part = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::read_token;

    #[test]
    fn a_lifetime_counts_from_the_request() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"ä","iat":5,"exp":905}"#);
        let token = read_token(format!("e30.{claims}.x"), 1_000);
        assert_eq!(
            (token.user.as_deref(), token.renew_at),
            (Some("ä"), 1_000 + 840_000)
        );
        let opaque = read_token("opaque".into(), 0);
        assert_eq!((opaque.user, opaque.renew_at), (None, 45_000));
    }
}
