//! The issuer's keys: fetched as the service fetches them, and judged.

use std::time::{Duration, Instant};

use syncline_codegen::doctor::jwks::{Jwks, Key};
use syncline_codegen::doctor::{self, Line};
use syncline_codegen::live::http;
use syncline_schema::Code;

use super::examine::in_seconds;

/// How long the service waits for keys before it refuses a token for their lack.
const SERVICE_WAITS: Duration = Duration::from_secs(3);

/// The service's answer to any token when it has no keys.
const REFUSED: &str = "PSYNC_S2204: ";

/// Fetches the keys of the issuer, and compares its clock.
pub(super) fn fetch(uri: &str, timeout: Duration, lines: &mut Vec<Line>) -> Option<Jwks> {
    let shown = http::shown(uri);
    let mut unread = |answer: &str, why: &str| {
        lines.push(Line::error(
            Code::U013,
            format!("{answer}the keys at {shown} cannot be read: {why}"),
            "the service fetches the same address: without keys it takes no token",
            format!("curl {shown}\nanother address for this machine: --jwks-uri URL"),
        ));
        None
    };
    let asked = Instant::now();
    let answer = match http::get(uri, timeout) {
        Ok(answer) => answer,
        // The service has no such limit.
        Err(failure @ http::Failure::TooLarge) => return unread("", &failure.to_string()),
        Err(failure) => return unread(REFUSED, &failure.to_string()),
    };
    let took = asked.elapsed();
    if !(200..300).contains(&answer.status) {
        return unread(REFUSED, &format!("the answer is {}", answer.status));
    }
    let keys = match Jwks::parse(&answer.body) {
        Ok(keys) => keys,
        Err(why) => return unread(REFUSED, &why),
    };
    if took > SERVICE_WAITS {
        lines.push(Line::warning(
            Code::U013,
            format!("the keys at {shown} took {:.1} s", took.as_secs_f32()),
            "the service waits 3 s for them, and refuses tokens as PSYNC_S2204 until they are there",
            "look at the server of that address, and at the network on the way",
        ));
    }
    if keys.keys.iter().any(Key::broken) {
        lines.push(Line::error(
            Code::U013,
            format!("PSYNC_S2201: a key at {shown} lacks a part"),
            "the service reads all of them or none: it refuses every token",
            "an RSA key has `n` and `e`, an EC key `crv`, `x` and `y`, an OKP key `crv` and `x`",
        ));
    } else if keys.keys.iter().all(|it| it.unusable.is_some()) {
        let reasons = keys.keys.iter().filter_map(|it| it.unusable).next();
        lines.push(Line::error(
            Code::U013,
            format!(
                "there is no key at {shown} that the service takes{}",
                reasons.map(|it| format!(": {it}")).unwrap_or_default()
            ),
            "every token is refused as PSYNC_S2101",
            "let the issuer publish the public halves of its signing keys; Better Auth makes its first one when it first signs",
        ));
    } else if keys.keys.iter().any(|it| it.private) {
        lines.push(Line::error(
            Code::U013,
            format!("the keys at {shown} hold a private or shared key"),
            "whoever reads it signs tokens for any user",
            "publish public halves only, and replace the key: it is known by now",
        ));
    } else {
        lines.push(Line::ok(
            Code::U013,
            format!("{} keys at {shown}", keys.keys.len()),
        ));
    }
    if let Some(date) = answer.date {
        lines.push(doctor::clocks(
            "the server that signs",
            (date - in_seconds()) * 1000,
        ));
    }
    Some(keys)
}
