//! Signatures of tokens, verified with ring, which TLS uses already.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};

use super::jwks::Key;

/// What a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// By this key.
    Good,
    /// Not by this key, or of other content.
    Bad,
    /// Of a kind that cannot be verified here.
    Unknown,
}

/// Decodes base64url as tokens have it: without padding.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// Is this the signature of `message` by the key?
pub(super) fn verify(key: &Key, alg: &str, message: &[u8], signed: &[u8]) -> Verdict {
    let verified = match alg {
        "RS256" => rsa(key, &signature::RSA_PKCS1_2048_8192_SHA256, message, signed),
        "RS384" => rsa(key, &signature::RSA_PKCS1_2048_8192_SHA384, message, signed),
        "RS512" => rsa(key, &signature::RSA_PKCS1_2048_8192_SHA512, message, signed),
        "ES256" => ec(
            key,
            32,
            &signature::ECDSA_P256_SHA256_FIXED,
            message,
            signed,
        ),
        "ES384" => ec(
            key,
            48,
            &signature::ECDSA_P384_SHA384_FIXED,
            message,
            signed,
        ),
        "EdDSA" if key.crv == "Ed25519" => decode(&key.x).and_then(|x| {
            let key = UnparsedPublicKey::new(&signature::ED25519, x);
            key.verify(message, signed).ok()
        }),
        _ => return Verdict::Unknown,
    };
    if verified.is_some() {
        Verdict::Good
    } else {
        Verdict::Bad
    }
}

fn rsa(key: &Key, how: &RsaParameters, message: &[u8], signed: &[u8]) -> Option<()> {
    let strip = |text: &str| {
        let bytes = decode(text)?;
        // Some issuers write a leading zero, which ring does not take.
        let at = bytes.iter().position(|it| *it != 0)?;
        Some(bytes[at..].to_vec())
    };
    let key = RsaPublicKeyComponents {
        n: strip(&key.n)?,
        e: strip(&key.e)?,
    };
    key.verify(how, message, signed).ok()
}

/// A point is its two coordinates of `size` bytes behind a 4.
fn ec(
    key: &Key,
    size: usize,
    how: &'static dyn signature::VerificationAlgorithm,
    message: &[u8],
    signed: &[u8],
) -> Option<()> {
    let (x, y) = (decode(&key.x)?, decode(&key.y)?);
    if x.len() != size || y.len() != size {
        return None;
    }
    let point = [&[4], x.as_slice(), &y].concat();
    UnparsedPublicKey::new(how, point)
        .verify(message, signed)
        .ok()
}
