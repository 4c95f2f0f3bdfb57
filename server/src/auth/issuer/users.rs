//! Users and their sessions.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use deadpool_postgres::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::{Error, Row};

use super::attempts::Trying;
use super::{Issuer, SESSION_LIFE, SHORT_SESSION_LIFE, said};
use crate::auth::better_auth::cookie::Kind;
use crate::auth::better_auth::password::Busy;
use crate::auth::better_auth::{NoRandom, random_id};

/// How often what is over is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(10 * 60);

/// The body of a sign-up.
#[derive(Deserialize)]
pub(crate) struct SignUp {
    name: String,
    email: String,
    password: String,
    image: Option<String>,
    #[serde(rename = "rememberMe")]
    remember_me: Option<bool>,
}

/// The body of a sign-in.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    email: String,
    password: String,
    #[serde(rename = "rememberMe")]
    remember_me: Option<bool>,
}

/// A session that has just begun.
pub(crate) struct SignedIn {
    /// Its token.
    pub(crate) token: String,
    /// Its user, as bodies show them.
    pub(crate) user: Value,
    /// Is it to outlive the browser?
    pub(crate) remember: bool,
}

/// Why nothing was done. The names are those of Better Auth's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    InvalidBody,
    InvalidEmail,
    PasswordTooShort,
    PasswordTooLong,
    InvalidEmailOrPassword,
    UserAlreadyExists,
    SignUpDisabled,
    FailedToCreateUser,
    InvalidOrigin,
    Unauthorized,
    MediaType,
    /// Too often: the seconds to wait.
    TooMany(u64),
    /// The database is down, or there is no room for one more password.
    Later,
}

impl From<Busy> for Refused {
    fn from(_: Busy) -> Self {
        Self::Later
    }
}

impl From<NoRandom> for Refused {
    fn from(_: NoRandom) -> Self {
        Self::Later
    }
}

impl From<Error> for Refused {
    fn from(why: Error) -> Self {
        tracing::error!(why = said(&why), "users cannot be read or written");
        Self::Later
    }
}

impl Issuer {
    /// Makes a user, and their first session.
    pub(crate) async fn sign_up(
        &self,
        body: SignUp,
        headers: &HeaderMap,
        address: Option<IpAddr>,
    ) -> Result<SignedIn, Refused> {
        if !self.sign_up {
            return Err(Refused::SignUpDisabled);
        }
        let email = email(&body.email)?;
        password(&body.password, true)?;
        let texts = [Some(&body.name), body.image.as_ref()];
        if texts
            .into_iter()
            .flatten()
            .any(|it| it.len() > 2048 || it.contains('\0'))
        {
            return Err(Refused::InvalidBody);
        }
        self.attempts.count(&self.trying(address, None)).await?;
        let hash = self.passwords.hash(&body.password).await?;
        let (user_id, account_id) = (random_id()?, random_id()?);
        let mut client = self.client().await?;
        let whole = client.transaction().await?;
        let made = whole
            .query_one(
                &self.statements.new_user,
                &[&user_id, &body.name, &email, &body.image],
            )
            .await;
        let row = made.map_err(|why| match why.code().map(|it| it.code()) {
            Some("23505") => Refused::UserAlreadyExists,
            // A column of a plugin's that must not be empty, most likely.
            Some(code) if code.starts_with("23") => Refused::FailedToCreateUser,
            _ => why.into(),
        })?;
        let user = user(&row);
        whole
            .execute(
                &self.statements.new_account,
                &[&account_id, &user_id, &hash],
            )
            .await?;
        whole.commit().await?;
        let remember = body.remember_me != Some(false);
        let token = self
            .begin(&client, &user_id, remember, headers, address)
            .await?;
        Ok(SignedIn {
            token,
            user,
            remember,
        })
    }

    /// Begins a session: always a new one, whatever the request brings along.
    pub(crate) async fn sign_in(
        &self,
        body: SignIn,
        headers: &HeaderMap,
        address: Option<IpAddr>,
    ) -> Result<SignedIn, Refused> {
        let email = email(&body.email)?;
        password(&body.password, false)?;
        let trying = self.trying(address, Some(&email));
        self.attempts.count(&trying).await?;
        let client = self.client().await?;
        let row = client
            .query_opt(&self.statements.password, &[&email])
            .await?;
        // The password takes its time: others may have the connection.
        drop(client);
        let hash: Option<&str> = row.as_ref().and_then(|row| row.get(7));
        let right = self.passwords.verify(&body.password, hash).await?;
        let Some(row) = row.as_ref().filter(|_| right && hash.is_some()) else {
            return Err(Refused::InvalidEmailOrPassword);
        };
        self.attempts.forgive(&trying).await;
        let remember = body.remember_me != Some(false);
        let client = self.client().await?;
        let token = self
            .begin(&client, row.get(0), remember, headers, address)
            .await?;
        Ok(SignedIn {
            token,
            user: user(row),
            remember,
        })
    }

    /// The session of a token, as bodies show it, and whether it was prolonged by this.
    pub(crate) async fn session(
        &self,
        token: &str,
        prolong: bool,
    ) -> Result<Option<(Value, bool)>, Refused> {
        if token.len() > 255 || token.contains('\0') {
            return Ok(None);
        }
        let client = self.client().await?;
        let life = prolong.then_some(SESSION_LIFE as f64);
        let row = client
            .query_opt(&self.statements.session, &[&token, &life])
            .await?;
        Ok(row.map(|row| {
            let get = |at| row.get::<_, Option<String>>(at);
            let session = json!({
                "expiresAt": get(9), "token": get(8), "createdAt": get(10), "updatedAt": get(11),
                "ipAddress": get(12), "userAgent": get(13),
                "userId": row.get::<_, String>(0), "id": get(7),
            });
            (
                json!({ "session": session, "user": user(&row) }),
                row.get(14),
            )
        }))
    }

    /// Ends a session.
    pub(crate) async fn sign_out(&self, token: &str) -> Result<(), Refused> {
        let client = self.client().await?;
        client
            .execute(&self.statements.end_session, &[&token])
            .await?;
        Ok(())
    }

    /// Forgets attempts and sessions that are over, for as long as it is let.
    pub(crate) async fn forget_forever(&self) {
        loop {
            self.attempts.forget().await;
            if let Ok(client) = self.pool.get().await {
                // What stays is forgotten the next time.
                let _ = client.execute(&self.statements.forget_sessions, &[]).await;
            }
            tokio::time::sleep(FORGET_EVERY).await;
        }
    }

    /// The session's token that a request brings: a bearer token, or the cookie.
    pub(crate) fn session_token(&self, headers: &HeaderMap) -> Option<String> {
        if headers.contains_key(axum::http::header::AUTHORIZATION) {
            let token = crate::auth::bearer(headers).ok()?;
            if token.contains(['.', '%']) {
                return self.cookies.signed(token);
            }
            return Some(token.to_owned());
        }
        self.cookies.read(headers, Kind::Session)
    }

    async fn begin(
        &self,
        client: &Client,
        user: &str,
        remember: bool,
        headers: &HeaderMap,
        address: Option<IpAddr>,
    ) -> Result<String, Refused> {
        let (id, token) = (random_id()?, random_id()?);
        let life = if remember {
            SESSION_LIFE
        } else {
            SHORT_SESSION_LIFE
        } as f64;
        let address = address.map(|it| it.to_string()).unwrap_or_default();
        let agent = headers.get(USER_AGENT).and_then(|it| it.to_str().ok());
        let agent: String = agent.unwrap_or_default().chars().take(512).collect();
        client
            .execute(
                &self.statements.new_session,
                &[&id, &token, &user, &life, &address, &agent],
            )
            .await?;
        Ok(token)
    }

    fn trying(&self, address: Option<IpAddr>, email: Option<&str>) -> Trying {
        Trying::new(address, email, |text| self.cookies.digest(text))
    }

    async fn client(&self) -> Result<Client, Refused> {
        self.pool.get().await.map_err(|_| Refused::Later)
    }
}

/// A user, as bodies show them, from the first seven columns.
fn user(row: &Row) -> Value {
    json!({
        "name": row.get::<_, String>(1),
        "email": row.get::<_, String>(2),
        "emailVerified": row.get::<_, bool>(3),
        "image": row.get::<_, Option<String>>(4),
        "createdAt": row.get::<_, String>(5),
        "updatedAt": row.get::<_, String>(6),
        "id": row.get::<_, String>(0),
    })
}

/// An email as it is stored; what Better Auth would not take is refused.
fn email(text: &str) -> Result<String, Refused> {
    let local = |it: u8| it.is_ascii_alphanumeric() || b"_'+-.".contains(&it);
    let label = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphanumeric())
            && it
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-')
    };
    let good = text.len() <= 254 && !text.contains("..") && !text.starts_with('.');
    let (name, domain) = text.split_once('@').ok_or(Refused::InvalidEmail)?;
    let (host, top) = domain.rsplit_once('.').ok_or(Refused::InvalidEmail)?;
    let name_good = name.bytes().all(local) && !name.ends_with(['.', '\'']) && !name.is_empty();
    let top_good = top.len() >= 2 && top.bytes().all(|it| it.is_ascii_alphabetic());
    if good && name_good && top_good && host.split('.').all(label) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(Refused::InvalidEmail)
}

/// 8 to 128 characters, as JavaScript counts them.
fn password(text: &str, new: bool) -> Result<(), Refused> {
    let length = text.encode_utf16().count();
    if new && length < 8 {
        return Err(Refused::PasswordTooShort);
    }
    if length > 128 {
        return Err(Refused::PasswordTooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_what_better_auth_takes() {
        assert_eq!(
            email("Ann.O'Neil+x@Example.co.uk").as_deref(),
            Ok("ann.o'neil+x@example.co.uk")
        );
        for bad in [
            "",
            "ann",
            "@b.cc",
            ".a@b.cc",
            "a..b@c.dd",
            "a.@b.cc",
            "a@b",
            "a@b.c",
            "a@.cc",
            "a b@c.dd",
            "a@-b.cc",
            "a@b.c1",
            "a@b@c.dd",
            "\u{e4}@b.cc",
            "a\0@b.cc",
        ] {
            assert_eq!(email(bad), Err(Refused::InvalidEmail), "{bad}");
        }
    }
}
