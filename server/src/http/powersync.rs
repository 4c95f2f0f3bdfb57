//! `GET /api/powersync/config`: which PowerSync a user's devices sync with.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Server;
use super::reply::Problem;
use crate::config::Endpoint;

pub(super) async fn config(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let user = server.authenticate_read(&headers).await?.id;
    let endpoint = endpoint(&server.endpoints, &user).ok_or(Problem::NoEndpoint)?;
    let body = json!({ "powersyncUrl": endpoint.0, "userId": user });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The user's own of several endpoints: the one that weighs most with their id (rendezvous
/// hashing). Every instance finds the same; one that comes takes over its share of the users and
/// one that goes gives up its own, and nobody else moves.
fn endpoint<'a>(all: &'a [Endpoint], user: &str) -> Option<&'a Endpoint> {
    let weight = |endpoint: &&Endpoint| {
        let hash = Sha256::new().chain_update(&endpoint.0).chain_update([0]);
        hash.chain_update(user).finalize()
    };
    all.iter().max_by_key(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints(names: &[&str]) -> Vec<Endpoint> {
        let url = |name: &&str| Endpoint(format!("https://{name}.example"));
        names.iter().map(url).collect()
    }

    #[test]
    fn users_are_spread_evenly_and_only_those_of_a_lost_endpoint_move() {
        let (all, fewer) = (endpoints(&["a", "b", "c"]), endpoints(&["c", "a"]));
        let mut shares = [0; 3];
        for user in 0..3_000 {
            let user = format!("user-{user}");
            let own = endpoint(&all, &user).expect("one");
            let at = all.iter().position(|it| it == own).expect("its place");
            shares[at] += 1;
            if at != 1 {
                assert_eq!(endpoint(&fewer, &user), Some(own));
            }
        }
        assert!(
            shares.iter().all(|it| (850..1_150).contains(it)),
            "{shares:?}"
        );
        assert_eq!(endpoint(&[], "user"), None);
    }
}
