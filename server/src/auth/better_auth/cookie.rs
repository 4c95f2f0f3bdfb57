//! Session cookies: a token, signed with the secret.

use std::fmt::Write;

use aws_lc_rs::hmac;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The longest value that is looked at, in bytes.
const MAX_VALUE: usize = 1 << 10;

/// A cookie of Better Auth's, by what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The session's token.
    Session,
    /// That the session ends with the browser.
    DontRemember,
}

/// Signs and reads cookies.
pub(crate) struct Cookies {
    key: hmac::Key,
    secure: bool,
}

impl Cookies {
    /// Those of a secret. `secure` ones are for https: by their prefix no other host can set them.
    pub(crate) fn new(secret: &str, secure: bool) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
            secure,
        }
    }

    /// A cookie's name. The other form, with or without the prefix, is never looked at: without it
    /// a neighbour host could plant a session of its own.
    fn name(&self, kind: Kind) -> &'static str {
        match (kind, self.secure) {
            (Kind::Session, true) => "__Secure-better-auth.session_token",
            (Kind::Session, false) => "better-auth.session_token",
            (Kind::DontRemember, true) => "__Secure-better-auth.dont_remember",
            (Kind::DontRemember, false) => "better-auth.dont_remember",
        }
    }

    /// What a cookie holds, where its signature is right.
    pub(crate) fn read(&self, headers: &HeaderMap, kind: Kind) -> Option<String> {
        let name = self.name(kind);
        let lines = headers.get_all(COOKIE).iter();
        let pairs = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(own, _)| *own == name);
        let (_, value) = values.next()?;
        // Two of one name: one of them was planted.
        if values.next().is_some() {
            return None;
        }
        self.signed(value)
    }

    /// The text of `text.signature`, percent-encoded or not, where the signature is right.
    pub(crate) fn signed(&self, value: &str) -> Option<String> {
        if value.len() > MAX_VALUE {
            return None;
        }
        let value = decode(value)?;
        let (text, signature) = value.rsplit_once('.')?;
        let signature = STANDARD.decode(signature).ok()?;
        // Compares in constant time.
        hmac::verify(&self.key, text.as_bytes(), &signature).ok()?;
        Some(text.to_owned())
    }

    /// A text with its signature, percent-encoded.
    pub(crate) fn sign(&self, text: &str) -> String {
        let signature = hmac::sign(&self.key, text.as_bytes());
        encode(&format!("{text}.{}", STANDARD.encode(signature)))
    }

    /// The header that gives a cookie to a browser; without an age it ends with the browser.
    pub(crate) fn set(&self, kind: Kind, text: &str, seconds: Option<i64>) -> String {
        let value = if text.is_empty() {
            String::new()
        } else {
            self.sign(text)
        };
        let mut cookie = format!("{}={value}", self.name(kind));
        if let Some(seconds) = seconds {
            // Writing to a String cannot fail.
            let _ = write!(cookie, "; Max-Age={seconds}");
        }
        cookie.push_str("; Path=/; HttpOnly; SameSite=Lax");
        if self.secure {
            cookie.push_str("; Secure");
        }
        cookie
    }

    /// The header that takes a cookie away.
    pub(crate) fn clear(&self, kind: Kind) -> String {
        self.set(kind, "", Some(0))
    }

    /// A digest of something that is not to be stored as it is.
    pub(crate) fn digest(&self, text: &str) -> Vec<u8> {
        hmac::sign(&self.key, text.as_bytes()).as_ref().to_vec()
    }
}

fn decode(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
        bytes.push(digit(rest.next()?)? << 4 | digit(rest.next()?)?);
    }
    String::from_utf8(bytes).ok()
}

/// As JavaScript's encodeURIComponent.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, line.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn a_cookie_is_read_when_its_signature_and_its_name_are_right() {
        let cookies = Cookies::new("a secret", true);
        let read = |lines: &[&str]| cookies.read(&headers(lines), Kind::Session);
        let good = format!(
            "__Secure-better-auth.session_token={}",
            cookies.sign("a.token")
        );
        assert_eq!(read(&[&format!("a=b; {good}")]).as_deref(), Some("a.token"));
        assert_eq!(read(&["x=y", &good]).as_deref(), Some("a.token"));
        let plain = good.replace("__Secure-", "");
        let other = Cookies::new("another", true).sign("a.token");
        for bad in [
            plain,
            format!("{good}; {good}"),
            format!("__Secure-better-auth.session_token={other}"),
            "__Secure-better-auth.session_token=a.token".to_owned(),
            "__Secure-better-auth.session_token=%".to_owned(),
            format!("__Secure-better-auth.session_token={}", "a".repeat(2000)),
        ] {
            assert_eq!(read(&[&bad]), None, "{bad}");
        }
    }
}
