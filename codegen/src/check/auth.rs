//! Better Auth's options against `[auth]`.

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::model::Auth;
use syncline_schema::{Diagnostic, Place, Schema};

use super::finding::Findings;
use crate::read::auth::{AuthOptions, Said};

/// What Better Auth signs with where nothing is said.
const DEFAULT_ALGORITHM: &str = "EdDSA";

/// How long its tokens are good for where nothing is said, in seconds.
const DEFAULT_LIFETIME: u64 = 900;

/// The longest lifetime that the service takes, in seconds.
const MAX_LIFETIME: u64 = 86_400;

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

fn all(auth: &Auth, read: &AuthOptions) -> Vec<Diagnostic> {
    let Some(plugin) = read.plugin else {
        if read.gaps {
            return vec![
                Diagnostic::new(
                    Code::C005,
                    "the plugins of Better Auth could not be followed",
                )
                .at(
                    read.call.unwrap_or_default(),
                    "the plugin `jwt` is not seen here",
                )
                .help("name the file that calls `jwt(…)` as well"),
            ];
        }
        return vec![
            Diagnostic::new(Code::C017, "Better Auth gives out no tokens")
                .at(read.call.unwrap_or_default(), "no plugin `jwt` here")
                .note("no device can sync: the service asks for a token")
                .help("write `plugins: [jwt(jwtOptions())]`, with the generated `jwtOptions`"),
        ];
    };
    let mut found = Vec::new();
    let wanted = auth.algorithm.name();
    match &read.algorithm {
        Said::Elsewhere => {}
        Said::Nothing if wanted == DEFAULT_ALGORITHM => {}
        Said::Nothing => found.push(differs(
            "the algorithm",
            (plugin, DEFAULT_ALGORITHM, " unless it is said"),
            wanted,
            "no key of this algorithm is known: every token is refused (PSYNC_S2101)",
            format!("write `jwks: {{ keyPairConfig: {{ alg: \"{wanted}\" }} }}`"),
        )),
        Said::Text(alg, _) if alg == wanted => {}
        Said::Text(alg, place) => found.push(differs(
            "the algorithm",
            (*place, alg, ""),
            wanted,
            "no key of this algorithm is known: every token is refused (PSYNC_S2101)",
            format!("write `alg: \"{wanted}\"`, or `algorithm = \"{alg}\"` under `[auth]`"),
        )),
    }
    let base = match &read.base_url {
        Said::Text(url, place) => Some((origin(url), *place)),
        _ => None,
    };
    for (what, said, wanted, code) in [
        (
            "issuer",
            &read.issuer,
            &auth.issuer,
            "the server refuses every token",
        ),
        (
            "audience",
            &read.audience,
            &auth.audience,
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
                wanted,
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
    wanted: &str,
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
    .note(why)
    .help(write)
}

/// The issuer that Better Auth makes of its `baseURL`: without a path.
fn origin(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url
        .get(host..)
        .and_then(|rest| rest.find('/'))
        .map_or(url.len(), |at| host + at);
    url.get(..end).unwrap_or(url).to_owned()
}

fn lifetime(auth: &Auth, read: &AuthOptions, plugin: Place) -> Option<Diagnostic> {
    let (seconds, place) = match &read.lifetime {
        Said::Text(text, place) => (seconds(text)?, *place),
        Said::Nothing => (DEFAULT_LIFETIME, plugin),
        Said::Elsewhere => return None,
    };
    let wanted = u64::from(auth.token_lifetime);
    if seconds == wanted {
        return None;
    }
    let too_long = seconds > MAX_LIFETIME;
    let mut finding = differs(
        "the lifetime",
        (place, &format!("{seconds} s"), ""),
        &format!("{wanted} s"),
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
