//! Private keys at rest: XChaCha20-Poly1305 under the hash of the secret, in hexadecimal digits,
//! the nonce first.

use aws_lc_rs::{digest, rand};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use super::{NoRandom, hex, unhex};

/// Bytes of a nonce.
const NONCE: usize = 24;

/// Encrypts a text under the secret.
pub(crate) fn seal(secret: &str, text: &str) -> Result<String, NoRandom> {
    let mut nonce = [0; NONCE];
    rand::fill(&mut nonce).map_err(|_| NoRandom)?;
    let sealed = cipher(secret).encrypt(&XNonce::from(nonce), text.as_bytes());
    Ok(hex(&nonce) + &hex(&sealed.map_err(|_| NoRandom)?))
}

/// Decrypts what [`seal`] or Better Auth has encrypted; none where it was another secret.
pub(crate) fn open(secret: &str, sealed: &str) -> Option<String> {
    // Better Auth with several secrets says which one it was. We have one to try.
    let sealed = match sealed.strip_prefix("$ba$") {
        Some(rest) => rest.split_once('$')?.1,
        None => sealed,
    };
    let bytes = unhex(sealed)?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
    let text = cipher(secret).decrypt(&XNonce::from(*nonce), sealed).ok()?;
    String::from_utf8(text).ok()
}

fn cipher(secret: &str) -> XChaCha20Poly1305 {
    let hash = digest::digest(&digest::SHA256, secret.as_bytes());
    let mut key = Key::default();
    key.copy_from_slice(hash.as_ref());
    XChaCha20Poly1305::new(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_only() {
        let sealed = seal("a secret", "a key").expect("random");
        assert_eq!(open("a secret", &sealed).as_deref(), Some("a key"));
        assert_eq!(open("another", &sealed), None);
        assert_eq!(open("a secret", &sealed[2..]), None);
        assert_eq!(open("a secret", "$ba$"), None);
        let enveloped = format!("$ba$2${sealed}");
        assert_eq!(open("a secret", &enveloped).as_deref(), Some("a key"));
        assert_ne!(sealed, seal("a secret", "a key").expect("random"));
    }
}
