//! Better Auth: a token made under the generated options says what `[auth]` says.

use super::Package;

#[track_caller]
fn token(auth: &str) -> (Package, serde_json::Value) {
    let package = Package::of(&format!("[project]\nname = \"auth\"\n[auth]\n{auth}\n"));
    let settings = package.schema.settings.auth.clone();
    let behind = [settings.issuer.as_str(), settings.jwks_uri.as_str()];
    let said = package.judge("judge-auth.mjs", &[], "auth.ts", &behind, "");
    (package, said)
}

#[test]
fn tokens_are_what_the_settings_say() {
    testkit::needs!(node);
    for algorithm in ["RS256", "ES256", "ES384", "EdDSA"] {
        let (package, said) = token(&format!(
            "issuer = \"https://auth.example\"\naudience = \"it's \\\"mine\\\"\"\nalgorithm = \"{algorithm}\"\ntoken_lifetime = \"61s\""
        ));
        let auth = &package.schema.settings.auth;
        let payload = &said["payload"];
        assert_eq!(said["header"]["alg"], algorithm);
        assert_eq!(said["key"]["alg"], algorithm);
        assert_eq!(payload["iss"], auth.issuer);
        assert_eq!(payload["aud"], auth.audience);
        assert_eq!(payload["sub"], said["user"]);
        let seconds = |claim: &str| payload[claim].as_u64().expect("a time");
        assert_eq!(
            seconds("exp") - seconds("iat"),
            u64::from(auth.token_lifetime)
        );
        // Nothing of the user but the id.
        let mut claims: Vec<_> = payload.as_object().expect("claims").keys().collect();
        claims.sort();
        assert_eq!(claims, ["aud", "exp", "iat", "iss", "sub"]);
        assert_eq!(
            package.notes.len(),
            usize::from(algorithm == "ES384"),
            "{:?}",
            package.notes
        );
    }
}

#[test]
fn public_keys_are_served_where_the_settings_say() {
    testkit::needs!(node);
    let (package, said) = token(
        "issuer = \"https://auth.example\"\njwks_uri = \"https://auth.example/api/auth/.well-known/jwks.json\"",
    );
    assert_eq!(said["header"]["kid"], said["key"]["kid"]);
    assert_eq!(package.notes.len(), 0, "{:?}", package.notes);
    let package = Package::of(
        "[project]\nname = \"auth\"\n[auth]\njwks_uri = \"https://keys.example/jwks.json\"\n",
    );
    assert_eq!(package.notes.len(), 1, "{:?}", package.notes);
}
