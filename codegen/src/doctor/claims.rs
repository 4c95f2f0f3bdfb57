//! What the service asks of a token's claims.

use serde_json::Value;

use super::Line;
use super::token::{Rules, quoted, refused};

/// How much clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// The longest life of a token that the service takes, in seconds.
const LONGEST: i64 = 86_400;

/// What the service asks of claims.
pub(super) fn claims(claims: &Value, rules: &Rules<'_>, now: i64, lines: &mut Vec<Line>) {
    for name in ["sub", "iat", "exp", "aud", "nbf"] {
        let (answer, wrong) = match (name, claims.get(name)) {
            ("aud", None | Some(Value::Null)) => ("S2105", "is missing"),
            ("nbf", None) => continue,
            (_, None) => ("S2101", "is missing"),
            ("iat" | "exp" | "nbf", Some(it)) if seconds(it).is_none() => {
                ("S2101", "is no number of seconds")
            }
            _ => continue,
        };
        lines.push(refused(
            answer,
            &format!("the claim `{name}` {wrong}"),
            "sub, iat, exp and aud have to be there: sub is the user, and iat, exp and nbf are seconds since 1970",
        ));
    }
    let parameters = claims.get("parameters");
    if parameters.is_some_and(|it| !it.is_null() && !it.is_object()) {
        lines.push(refused(
            "S2101",
            "the claim `parameters` is no object",
            "leave it out, or make it {\"name\": value}",
        ));
    }
    let time = |name: &str| claims.get(name).and_then(seconds);
    if let Some(exp) = time("exp")
        && exp.saturating_add(LEEWAY) <= now
    {
        let ago = now.saturating_sub(exp);
        lines.push(refused(
            "S2103",
            &format!("the token expired {ago} s ago"),
            "take a new one; the client's fetchCredentials() has to fetch each time, not keep the first answer",
        ));
    }
    if let Some(nbf) = time("nbf")
        && nbf.saturating_sub(LEEWAY) > now
    {
        let title = format!("the token holds only from {} s on (`nbf`)", nbf - now);
        lines.push(refused(
            "S2101",
            &title,
            "compare the clocks: timedatectl status",
        ));
    }
    if let Some(aud) = claims.get("aud").filter(|it| !it.is_null()) {
        audience(aud, rules, lines);
    }
    if let (Some(iat), Some(exp)) = (time("iat"), time("exp"))
        && exp.saturating_sub(iat) > LONGEST
    {
        lines.push(refused(
            "S2104",
            &format!(
                "the token lives {} s, and {LONGEST} s is the most",
                exp.saturating_sub(iat)
            ),
            "let it live less: [auth] token_lifetime = 900, and in Better Auth jwt({ jwt: { expirationTime: \"15m\" } })",
        ));
    }
}

/// A time claim; fractions are cut off.
pub(super) fn seconds(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "it is cut off on purpose")]
    let cut = |it: f64| it as i64;
    value.as_i64().or_else(|| value.as_f64().map(cut))
}

/// The audience, to the character.
fn audience(aud: &Value, rules: &Rules<'_>, lines: &mut Vec<Line>) {
    let given: Vec<&str> = match aud {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let wanted = rules.audiences;
    if given.iter().any(|it| wanted.iter().any(|one| one == it)) {
        return;
    }
    let any = |like: fn(&str, &str) -> bool| {
        given
            .iter()
            .any(|it| wanted.iter().any(|one| like(it, one)))
    };
    let hint = if any(|a, b| a.trim_end_matches('/') == b.trim_end_matches('/')) {
        ": only the slash at the end differs"
    } else if any(str::eq_ignore_ascii_case) {
        ": only upper and lower case differ"
    } else {
        ""
    };
    let shown: Vec<String> = given.iter().take(5).map(|it| quoted(it)).collect();
    let expected: Vec<String> = wanted.iter().take(5).map(|it| quoted(it)).collect();
    lines.push(refused(
        "S2105",
        &format!(
            "the token is for {}, and the service expects {}{hint}",
            if shown.is_empty() { "nobody (`aud`)".to_owned() } else { shown.join(", ") },
            if expected.is_empty() { "none".to_owned() } else { expected.join(" or ") }
        ),
        "write the same text as [auth] audience, in the service's client_auth.audience and in Better Auth's jwt({ jwt: { audience } })",
    ));
}
