//! Whose tokens the service takes, against who signs them: a difference of one character refuses all.

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Severity};

use super::Deployment;
use crate::check::finding::Findings;
use crate::read::deploy::compose::containers;
use crate::read::deploy::{Said, Tree, said};
use crate::read::yaml::Node;

const NOBODY: &str = "the service refuses every token: no row arrives at any client";

pub(super) fn check(all: &Deployment<'_>, tree: &Tree, findings: &mut Findings) {
    let signing = all.signing;
    let Some((key, client)) = tree.root.entry("client_auth") else {
        findings.plain(
            Diagnostic::new(Code::C049, "the service has no `client_auth`")
                .at(tree.top(), "not here")
                .note(NOBODY)
                .help("add `client_auth: {jwks_uri: !env PS_JWKS_URI, audience: [!env PS_JWT_AUDIENCE]}`"),
        );
        return;
    };
    let supabase = ["supabase", "supabase_jwt_secret"]
        .iter()
        .any(|key| client.get(key).is_some());
    let jwks = client.get("jwks_uri");
    // A misspelt one is what is said then.
    let any = client.entries().any(|(key, _, _)| key.contains("jwk"));
    if !any && !supabase {
        findings.plain(
            Diagnostic::new(Code::C049, "the service knows no key that signs tokens")
                .at(tree.place(key), "no `jwks_uri`, no `jwks`")
                .note(NOBODY)
                .help("add `jwks_uri: !env PS_JWKS_URI`"),
        );
    }
    for uri in jwks.map_or(&[][..], Node::items) {
        keys_address(all, tree, client, uri, findings);
    }
    if jwks.is_none() && !supabase {
        algorithm(all, tree, client, findings);
    }
    let audience = client.get("audience");
    let Some(list) = audience.filter(|it| !it.items().is_empty()) else {
        if !supabase {
            let place = audience.map_or(tree.place(key), |it| tree.place(it));
            findings.plain(
                Diagnostic::new(Code::C049, "the service takes tokens for no audience")
                    .at(place, "no `audience`")
                    .note(NOBODY)
                    .help(match &signing.audience {
                        Some(it) => format!(
                            "add `audience: [\"{}\"]`, as {} has it, or `[!env PS_JWT_AUDIENCE]`",
                            it.text, signing.by
                        ),
                        None => "add `audience: [!env PS_JWT_AUDIENCE]`".to_owned(),
                    }),
            );
        }
        return;
    };
    let given: Vec<_> = list
        .items()
        .iter()
        .filter_map(|node| value(all, tree, node))
        .collect();
    let Some(wanted) = &signing.audience else {
        return;
    };
    if given.len() < list.items().len() || given.iter().any(|(text, _)| *text == wanted.text) {
        return;
    }
    if let Some((text, place)) = given.first() {
        let same = |text: &str| text.trim_end_matches('/').to_lowercase();
        let near = same(text) == same(&wanted.text);
        let label = if near {
            "a slash or the case of a letter is different"
        } else {
            "taken for another audience"
        };
        findings.plain(
            Diagnostic::new(Code::C049, "the audience is not that of the tokens")
                .at(*place, label)
                .at(wanted.place, format!("tokens say `{}`", wanted.text))
                .note(format!(
                    "tokens say `{}`, and audiences are compared to the character: PSYNC_S2105",
                    wanted.text
                ))
                .note(NOBODY)
                .help(format!(
                    "write `{}`, or change the audience of {}",
                    wanted.text, signing.by
                )),
        );
    }
}

/// A value and where it stands: here, or in a compose file that sets the variable.
fn value<'a>(
    all: &'a Deployment<'_>,
    tree: &Tree,
    node: &'a Node,
) -> Option<(&'a str, syncline_schema::Place)> {
    match said(node)? {
        Said::Text(text) => Some((text, tree.place(node))),
        Said::Env(name) => all.composes.iter().find_map(|compose| {
            containers(compose).into_iter().find_map(|container| {
                let (value, node) = container.variable(name)?;
                let text = value.filter(|it| !it.contains('$'))?;
                Some((text, compose.place(node)))
            })
        }),
    }
}

/// The path of the keys. Hosts may well differ: a container reaches its neighbour by another name.
fn keys_address(
    all: &Deployment<'_>,
    tree: &Tree,
    client: &Node,
    uri: &Node,
    findings: &mut Findings,
) {
    let Some((text, place)) = value(all, tree, uri).filter(|(it, _)| !it.starts_with("${")) else {
        return;
    };
    let Some((host, path)) = parts(text) else {
        findings.plain(
            Diagnostic::new(Code::C049, "the address of the keys is no address")
                .at(place, "takes http:// or https://")
                .note(NOBODY)
                .help_opt((all.signing.jwks_uri.as_ref()).map(|it| format!("write `{}`", it.text))),
        );
        return;
    };
    let local = |host: &str| {
        !host.contains('.') || host.starts_with("127.") || host.starts_with("host.docker.internal")
    };
    if let Some(finding) = elsewhere(all, (host, path), place, &local) {
        findings.plain(finding);
    }
    let blocks = client.get("block_local_jwks");
    if let Some(node) = blocks.filter(|it| it.boolean() == Some(true) && local(host)) {
        findings.plain(
            Diagnostic::new(Code::C049, "the service may not fetch the keys")
                .at(tree.place(node), "refuses addresses of the local network")
                .at(place, "which this is")
                .note(NOBODY)
                .help("take `block_local_jwks` out"),
        );
    }
}

/// Are the keys fetched from where they are?
fn elsewhere(
    all: &Deployment<'_>,
    (host, path): (&str, &str),
    place: syncline_schema::Place,
    local: &dyn Fn(&str) -> bool,
) -> Option<Diagnostic> {
    let (wanted, by) = (all.signing.jwks_uri.as_ref()?, all.signing.by);
    let (own_host, own_path) = parts(&wanted.text)?;
    if path == own_path && (host == own_host || local(host) || local(own_host)) {
        return None;
    }
    let mut found = Diagnostic::new(
        Code::C049,
        format!("the keys are fetched from elsewhere than {by} says"),
    )
    .at(place, "fetched from here")
    .at(wanted.place, format!("they are at `{}`", wanted.text))
    .note(format!(
        "{by} says `{}`: a key that is not found there refuses its tokens, PSYNC_S2101",
        wanted.text
    ))
    .help(format!(
        "write `{}`, or say in {by} where the keys are",
        wanted.text
    ));
    found.severity = Severity::Warning;
    Some(found)
}

/// Host and path of an address.
fn parts(address: &str) -> Option<(&str, &str)> {
    let rest = address
        .strip_prefix("http://")
        .or_else(|| address.strip_prefix("https://"))?;
    let at = rest.find('/').unwrap_or(rest.len());
    (at > 0).then(|| rest.split_at(at))
}

/// Keys that are written out: one of them has to be for the algorithm of the tokens.
fn algorithm(all: &Deployment<'_>, tree: &Tree, client: &Node, findings: &mut Findings) {
    let Some(wanted) = &all.signing.algorithm else {
        return;
    };
    let (place, wanted, by) = (wanted.place, wanted.text.as_str(), all.signing.by);
    let Some((key, keys)) = client.path(&["jwks"]).and_then(|it| it.entry("keys")) else {
        return;
    };
    let algorithms: Vec<_> = keys
        .items()
        .iter()
        .map(|it| it.get("alg").and_then(said))
        .collect();
    // A key without one is for all that its type can do.
    let unknown = |it: &Option<Said<'_>>| !matches!(it, Some(Said::Text(_)));
    if algorithms.iter().any(unknown) || algorithms.contains(&Some(Said::Text(wanted))) {
        return;
    }
    findings.plain(
        Diagnostic::new(Code::C049, format!("no key here is for {wanted}"))
            .at(tree.place(key), "the keys that are taken")
            .at(place, format!("signs with {wanted}"))
            .note(format!(
                "{by} signs with {wanted}, and the algorithm must equal the key's: PSYNC_S2101"
            ))
            .note(NOBODY)
            .help("give the key that signs, or fetch it: `jwks_uri: !env PS_JWKS_URI`"),
    );
}
