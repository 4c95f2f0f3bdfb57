//! Whose a session of Better Auth's is.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use deadpool_postgres::Pool;

use super::cookie::{Cookies, Kind};
use super::tables::Statements;
use crate::auth::NotAuthenticated::{Later, Nobody};
use crate::auth::{NotAuthenticated, User};

/// Resolves session tokens by Better Auth's table.
pub(in crate::auth) struct Sessions {
    pub(in crate::auth) pool: Pool,
    pub(in crate::auth) cookies: Cookies,
    pub(in crate::auth) statements: Statements,
    /// Where browsers may write from: `https://app.example.com`.
    pub(in crate::auth) origins: Vec<String>,
}

impl Sessions {
    /// The user of a session token as a client without cookies sends it: signed, or as it is.
    pub(in crate::auth) async fn bearer(&self, token: &str) -> Result<User, NotAuthenticated> {
        if token.contains(['.', '%']) {
            let token = self.cookies.signed(token);
            return self
                .user(&token.ok_or(Nobody("the session token's signature is wrong"))?)
                .await;
        }
        self.user(token).await
    }

    /// The user of the session cookie. A browser sends it with whatever page's request, so one
    /// that writes must come from a page of ours.
    pub(in crate::auth) async fn cookie(
        &self,
        headers: &HeaderMap,
        writes: bool,
    ) -> Result<User, NotAuthenticated> {
        let token = self.cookies.read(headers, Kind::Session);
        let token = token.ok_or(Nobody("there is no token and no good session cookie"))?;
        if writes && !allowed(headers, &self.origins) {
            return Err(Nobody("a cookie came from an origin that is not allowed"));
        }
        self.user(&token).await
    }

    async fn user(&self, token: &str) -> Result<User, NotAuthenticated> {
        if token.is_empty() || token.len() > 255 || token.contains('\0') {
            return Err(Nobody("that is no session token"));
        }
        let down = Later("the sessions cannot be read");
        let client = self.pool.get().await.map_err(|_| down)?;
        let row = match client
            .query_opt(&self.statements.user_of_session, &[&token])
            .await
        {
            Ok(row) => row,
            Err(why) => {
                // The message itself may hold values.
                let code = why.code().map(|it| it.code());
                tracing::error!(code, "the sessions cannot be read");
                return Err(down);
            }
        };
        let id = row
            .map(|row| row.get(0))
            .filter(|id: &String| !id.is_empty());
        Ok(User {
            id: id.ok_or(Nobody("there is no such session, or it has ended"))?,
        })
    }
}

/// Does the request come from a page of an allowed origin?
pub(in crate::auth) fn allowed(headers: &HeaderMap, origins: &[String]) -> bool {
    let mut all = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (all.next(), all.next()) else {
        return false;
    };
    let origin = origin.as_bytes();
    origins.iter().any(|it| it.as_bytes() == origin)
}
