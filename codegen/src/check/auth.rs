//! Better Auth's options against `[auth]`.

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::model::Auth;
use syncline_schema::{Diagnostic, Place, Schema};

use super::finding::Findings;
use super::signing::Signing;
use crate::read::auth::{AuthOptions, Said};

/// What Better Auth signs with where nothing is said.
pub(super) const DEFAULT_ALGORITHM: &str = "EdDSA";

/// How long its tokens are good for where nothing is said, in seconds.
const DEFAULT_LIFETIME: u64 = 900;

/// The longest lifetime that the service takes, in seconds.
const MAX_LIFETIME: u64 = 86_400;

/// What the service verifies.
const ALGORITHMS: &[&str] = &[
    "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA",
];

/// Compares what was read with the schema's `[auth]`.
pub(super) fn compare(schema: &Schema, read: AuthOptions, findings: &mut Findings) {
    let auth = &schema.settings.auth;
    let unreadable = !read.diagnostics.is_empty();
    if !unreadable {
        for finding in all(auth, &read) {
            findings.plain(finding);
        }
    }
    read.diagnostics
        .into_iter()
        .for_each(|problem| findings.plain(problem));
}

/// What can be said of the options by themselves, where there is no `[auth]`.
pub(super) fn alone(read: AuthOptions, findings: &mut Findings) -> Signing {
    let signing = Signing::of_options(&read);
    if read.diagnostics.is_empty() {
        let found = match read.plugin {
            None => no_plugin(&read),
            Some(plugin) => {
                let lifetime = too_long(&read, plugin).into_iter();
                lifetime.chain(foreign_algorithm(&read)).collect()
            }
        };
        found.into_iter().for_each(|it| findings.plain(it));
    }
    read.diagnostics
        .into_iter()
        .for_each(|problem| findings.plain(problem));
    signing
}

fn too_long(read: &AuthOptions, plugin: Place) -> Option<Diagnostic> {
    let (seconds, place) = lifetime_said(read, plugin)?;
    (seconds > MAX_LIFETIME).then(|| {
        Diagnostic::new(Code::C017, "tokens live for too long")
            .at(place, format!("{seconds} s"))
            .note("the service takes 24 hours at most: every token is refused (PSYNC_S2104)")
            .help(format!("write `expirationTime: \"{DEFAULT_LIFETIME}s\"`"))
    })
}

/// An algorithm that the service does not know.
fn foreign_algorithm(read: &AuthOptions) -> Option<Diagnostic> {
    let Said::Text(alg, place) = &read.algorithm else {
        return None;
    };
    (!ALGORITHMS.contains(&alg.as_str())).then(|| {
        Diagnostic::new(Code::C017, format!("the service does not take {alg}"))
            .at(*place, "tokens are signed with it")
            .note("every token is refused: no device can sync")
            .help("write `alg: \"EdDSA\"`, \"ES256\" or \"RS256\"")
    })
}

fn no_plugin(read: &AuthOptions) -> Vec<Diagnostic> {
    let place = read.call.unwrap_or_default();
    let finding = if read.gaps {
        Diagnostic::new(
            Code::C005,
            "the plugins of Better Auth could not be followed",
        )
        .at(place, "the plugin `jwt` is not seen here")
        .note("what signs the tokens is not compared")
        .help("name the file that calls `jwt(…)` as well")
    } else {
        Diagnostic::new(Code::C017, "Better Auth gives out no tokens")
            .at(place, "no plugin `jwt` here")
            .note("no device can sync: the service asks for a token")
            .help("write `plugins: [jwt(jwtOptions())]`, with the generated `jwtOptions`")
    };
    vec![finding]
}

fn all(auth: &Auth, read: &AuthOptions) -> Vec<Diagnostic> {
    let Some(plugin) = read.plugin else {
        return no_plugin(read);
    };
    let mut found = Vec::new();
    let wanted = auth.algorithm.name();
    match &read.algorithm {
        Said::Elsewhere => {}
        Said::Nothing if wanted == DEFAULT_ALGORITHM => {}
        Said::Nothing => found.push(differs(
            "the algorithm",
            (plugin, DEFAULT_ALGORITHM, " unless it is said"),
            (wanted, auth.places.algorithm),
            "no key of this algorithm is known: every token is refused (PSYNC_S2101)",
            format!("write `jwks: {{ keyPairConfig: {{ alg: \"{wanted}\" }} }}`"),
        )),
        Said::Text(alg, _) if alg == wanted => {}
        Said::Text(alg, place) => found.push(differs(
            "the algorithm",
            (*place, alg, ""),
            (wanted, auth.places.algorithm),
            "no key of this algorithm is known: every token is refused (PSYNC_S2101)",
            format!("write `alg: \"{wanted}\"`, or `algorithm = \"{alg}\"` under `[auth]`"),
        )),
    }
    let base = match &read.base_url {
        Said::Text(url, place) => Some((origin(url), *place)),
        _ => None,
    };
    for (what, said, (wanted, declared), code) in [
        (
            "issuer",
            &read.issuer,
            (&auth.issuer, auth.places.issuer),
            "the server refuses every token",
        ),
        (
            "audience",
            &read.audience,
            (&auth.audience, auth.places.audience),
            "the service compares it to the character: every token is refused (PSYNC_S2105)",
        ),
    ] {
        let (given, place, from) = match (said, &base) {
            (Said::Text(given, place), _) => (given.clone(), *place, ""),
            (Said::Nothing, Some((url, place))) => (url.clone(), *place, ", from `baseURL`"),
            _ => continue,
        };
        if given != *wanted {
            found.push(differs(
                &format!("the {what}"),
                (place, &given, from),
                (wanted, declared),
                code,
                format!("write `jwt: {{ {what}: \"{wanted}\" }}`, or change `[auth]`"),
            ));
        }
    }
    found.extend(lifetime(auth, read, plugin));
    found
}

fn differs(
    what: &str,
    (place, given, from): (Place, &str, &str),
    (wanted, declared): (&str, Place),
    why: &str,
    write: String,
) -> Diagnostic {
    Diagnostic::new(
        Code::C017,
        format!("{what} of tokens is not the one of `[auth]`"),
    )
    .at(
        place,
        format!("`{given}`{from}; the schema says `{wanted}`"),
    )
    .at(declared, format!("`{wanted}`"))
    .note(why)
    .help(write)
}

/// The issuer that Better Auth makes of its `baseURL`: without a path.
pub(super) fn origin(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url
        .get(host..)
        .and_then(|rest| rest.find('/'))
        .map_or(url.len(), |at| host + at);
    url.get(..end).unwrap_or(url).to_owned()
}

fn lifetime(auth: &Auth, read: &AuthOptions, plugin: Place) -> Option<Diagnostic> {
    let (seconds, place) = lifetime_said(read, plugin)?;
    let wanted = u64::from(auth.token_lifetime);
    if seconds == wanted {
        return None;
    }
    let too_long = seconds > MAX_LIFETIME;
    let mut finding = differs(
        "the lifetime",
        (place, &format!("{seconds} s"), ""),
        (&format!("{wanted} s"), auth.places.token_lifetime),
        if too_long {
            "the service takes 24 hours at most: every token is refused (PSYNC_S2104)"
        } else {
            "a device asks for a new token sooner or later than the app was planned for"
        },
        format!("write `expirationTime: \"{wanted}s\"`, or change `token_lifetime`"),
    );
    if !too_long {
        finding.severity = Severity::Warning;
    }
    Some(finding)
}

fn lifetime_said(read: &AuthOptions, plugin: Place) -> Option<(u64, Place)> {
    match &read.lifetime {
        Said::Text(text, place) => Some((seconds(text)?, *place)),
        Said::Nothing => Some((DEFAULT_LIFETIME, plugin)),
        Said::Elsewhere => None,
    }
}

/// `15m`, `2 hours`, `900s`.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let unit = unit.trim().to_lowercase();
    let factor = match unit.as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => return None,
    };
    number.checked_mul(factor)
}
