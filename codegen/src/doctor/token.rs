//! What the PowerSync Service would answer to a token, and what the schema source says of it.
//!
//! Claims are quoted where they are compared, the token and its signature never.

use serde_json::Value;
use syncline_schema::Code;

use super::Line;
use super::claims::{claims, seconds};
use super::jwks::{Jwks, Key};
use super::signature::{Verdict, decode, verify};

/// What tokens should be.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The `iss` claim.
    pub issuer: &'a str,
    /// The `aud` claims that the service takes; one is enough.
    pub audiences: &'a [String],
    /// The signature.
    pub algorithm: &'a str,
}

/// Judges a token at a time, in seconds since 1970. Without keys only its content is judged.
///
/// The service stops at the first error; here each is told.
pub fn judge(token: &str, keys: Option<&Jwks>, rules: &Rules<'_>, now: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    let token = token.trim();
    if token.is_empty() {
        lines.push(refused(
            "S2106",
            "the token is missing: it is empty",
            "give it by --token-file or POWERSYNC_TOKEN; Better Auth gives one at GET /api/auth/token to whoever is signed in",
        ));
        return lines;
    }
    if token.contains(char::is_whitespace) {
        lines.push(refused(
            "S2106",
            "the service sees no token: white space is within it",
            "give what fetchCredentials() returns as `token`: no `Bearer`, no line breaks",
        ));
        return lines;
    }
    let Some(parts) = Parts::of(token) else {
        lines.push(refused(
            "S2101",
            "this is no JSON Web Token: three parts in base64url with dots between, the first two JSON objects",
            "give what fetchCredentials() returns as `token`: no quotes, no session cookie",
        ));
        return lines;
    };
    signed(&parts, keys, rules, &mut lines);
    claims(&parts.claims, rules, now, &mut lines);
    if lines.is_empty() {
        let unverified = if keys.is_none() {
            ", as far as can be seen without keys"
        } else {
            ""
        };
        lines.push(Line::ok(
            Code::U014,
            format!("the service would take the token{unverified}"),
        ));
    }
    said_by_source(&parts, rules, now, &mut lines);
    lines
}

/// A token, taken apart.
struct Parts<'a> {
    header: Value,
    claims: Value,
    message: &'a str,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn of(token: &'a str) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let object = |text: &str| {
            let value: Value = serde_json::from_slice(&decode(text)?).ok()?;
            value.is_object().then_some(value)
        };
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            message,
            signature: decode(signature)?,
        })
    }

    fn in_header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }
}

pub(super) fn refused(answer: &str, title: &str, mend: &str) -> Line {
    Line::error(
        Code::U014,
        format!("PSYNC_{answer}: {title}"),
        "the service refuses the token with 401: the device does not sync",
        mend,
    )
}

/// Which algorithm, which key, and is it signed by that.
fn signed(parts: &Parts<'_>, keys: Option<&Jwks>, rules: &Rules<'_>, lines: &mut Vec<Line>) {
    const TAKEN: [&str; 10] = [
        "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512",
    ];
    let set_alg = format!(
        "let Better Auth sign with it: jwt({{ jwks: {{ keyPairConfig: {{ alg: \"{}\" }} }} }})",
        rules.algorithm
    );
    let alg = match parts.in_header("alg") {
        Some(alg) if TAKEN.contains(&alg) => alg,
        Some(alg) => {
            let title = format!("the service does not take the algorithm {}", quoted(alg));
            return lines.push(refused("S2101", &title, &set_alg));
        }
        None => {
            return lines.push(refused(
                "S2101",
                "the token's header has no `alg`",
                &set_alg,
            ));
        }
    };
    let Some(keys) = keys else { return };
    let kid = parts.in_header("kid").filter(|it| !it.is_empty());
    let candidates = match keys_for(keys, kid, alg) {
        Ok(candidates) => candidates,
        Err(title) => {
            return lines.push(refused(
                "S2101",
                &title,
                "sign in again for a new token; look whether jwks_uri is that of the server that signs, and whether a key was removed while tokens signed by it live",
            ));
        }
    };
    let message = parts.message.as_bytes();
    let mut verdicts = candidates
        .iter()
        .map(|key| verify(key, alg, message, &parts.signature));
    match verdicts.find(|it| *it != Verdict::Bad) {
        Some(Verdict::Good) => {}
        Some(_) => lines.push(Line::warning(
            Code::U014,
            format!("a signature of the kind {alg} cannot be verified here"),
            "the service may take it or refuse it as PSYNC_S2101",
            set_alg,
        )),
        None => lines.push(refused(
            "S2101",
            "the signature is not by the key of this name, or the token was changed",
            "look whether two servers or two databases give their keys one name; take a new token from the server of jwks_uri",
        )),
    }
}

/// The keys that may have signed a token: the first of its name; else all without a name.
fn keys_for<'a>(keys: &'a Jwks, kid: Option<&str>, alg: &str) -> Result<Vec<&'a Key>, String> {
    let usable = || keys.keys.iter().filter(|it| it.unusable.is_none());
    let named = kid.and_then(|kid| usable().find(|it| it.kid.as_deref() == Some(kid)));
    if let Some(key) = named {
        if key.fits(alg) {
            return Ok(vec![key]);
        }
        let its = key.alg.as_deref().unwrap_or(&key.kty);
        return Err(format!(
            "the token is signed with {alg}, and its key is for {}",
            quoted(its)
        ));
    }
    let nameless: Vec<&Key> = usable()
        .filter(|it| it.kid.is_none() && it.fits(alg))
        .collect();
    if !nameless.is_empty() {
        return Ok(nameless);
    }
    let left_out = keys
        .keys
        .iter()
        .find(|it| kid.is_some() && it.kid.as_deref() == kid);
    if let Some(why) = left_out.and_then(|it| it.unusable) {
        return Err(format!("the service leaves the token's key out: {why}"));
    }
    if keys.keys.is_empty() {
        return Err("the issuer publishes no key".to_owned());
    }
    let known: Vec<String> = keys
        .keys
        .iter()
        .take(5)
        .map(|it| quoted(it.kid.as_deref().unwrap_or_default()))
        .collect();
    let known = known.join(", ");
    Err(match kid {
        Some(kid) => format!(
            "no key is called {} (`kid`); there are {known}",
            quoted(kid)
        ),
        None => format!("the token's header has no `kid`, and every key has a name: {known}"),
    })
}

/// What the service does not ask, and the app's server does.
fn said_by_source(parts: &Parts<'_>, rules: &Rules<'_>, now: i64, lines: &mut Vec<Line>) {
    let text = |name: &str| parts.claims.get(name).and_then(Value::as_str);
    match text("iss") {
        Some(iss) if iss == rules.issuer => {}
        Some(iss) if iss.ends_with(".supabase.co/auth/v1") => lines.push(Line::warning(
            Code::U015,
            format!("the token is by Supabase Auth, and [auth] issuer is {}", quoted(rules.issuer)),
            "the app's server refuses what another issuer signed",
            format!(
                "in the schema source:\n[auth]\nissuer = \"{iss}\"\naudience = \"authenticated\"\njwks_uri = \"{iss}/.well-known/jwks.json\"",
                iss = plain(iss)
            ),
        )),
        iss => lines.push(Line::warning(
            Code::U015,
            format!(
                "the token's issuer is {}, and [auth] issuer is {}",
                iss.map_or_else(|| "missing".to_owned(), quoted),
                quoted(rules.issuer)
            ),
            "the service does not look at `iss`; the app's server does, and refuses the uploads",
            "write the same text as [auth] issuer and as Better Auth's baseURL",
        )),
    }
    let odd = match parts.claims.get("sub") {
        None => None,
        Some(Value::String(it)) if it.is_empty() => Some("is empty"),
        Some(Value::String(_)) => None,
        Some(_) => Some("is no text"),
    };
    if let Some(odd) = odd {
        lines.push(Line::warning(
            Code::U015,
            format!("the claim `sub` {odd}"),
            "the service takes it and finds no row of such an owner; the app's server refuses the uploads",
            "sign with the user's id, as a text",
        ));
    }
    if let Some(alg) = parts.in_header("alg")
        && alg != rules.algorithm
    {
        lines.push(Line::warning(
            Code::U015,
            format!(
                "the token is signed with {}, and [auth] algorithm is {}",
                quoted(alg),
                rules.algorithm
            ),
            "the app's server takes the one algorithm that the source names",
            "set [auth] algorithm to what the issuer signs with, and generate again",
        ));
    }
    let iat = parts.claims.get("iat").and_then(seconds);
    if let Some(iat) = iat
        && iat.saturating_sub(5) > now
    {
        lines.push(Line::warning(
            Code::U009,
            format!(
                "the token was made {} s in the future",
                iat.saturating_sub(now)
            ),
            "the clock of the server that signs is ahead of this machine's",
            "switch time synchronisation on, on both machines: timedatectl set-ntp true",
        ));
    }
}

/// A claim, shortened, for comparing.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", plain(text))
}

fn plain(text: &str) -> String {
    const LONG: usize = 120;
    let mut out: String = text.chars().take(LONG).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
