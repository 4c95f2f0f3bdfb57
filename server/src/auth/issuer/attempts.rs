//! How often somebody may try: counted in the database, so that every instance counts the same.

use std::net::IpAddr;
use std::time::Duration;

use deadpool_postgres::Pool;

use super::{Refused, said};
use crate::config::Config;

/// Counts one try for each key, in the order of the keys so that two requests cannot wait for
/// each other: `$1` keys, `$2` the window in seconds. Gives tries and the seconds that are left.
const COUNT: &str = "\
INSERT INTO syncline.attempts AS a (key, tries, since)
SELECT k, 1, now() FROM unnest($1::bytea[]) AS k ORDER BY k
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN a.since < now() - make_interval(secs => $2::double precision) THEN 1 ELSE least(a.tries, 1000000) + 1 END,
  since = CASE WHEN a.since < now() - make_interval(secs => $2::double precision) THEN now() ELSE a.since END
RETURNING key, tries, ceil(extract(epoch FROM since - now()) + $2::double precision)::bigint";

/// A sign-in that worked: its account starts again. `$1` key.
const FORGIVE: &str = "DELETE FROM syncline.attempts WHERE key = $1::bytea";

/// What nobody counts any more: `$1` the window in seconds.
const FORGET: &str = "\
DELETE FROM syncline.attempts WHERE since < now() - make_interval(secs => $1::double precision)";

/// Who tries.
#[derive(Debug, Clone)]
pub(super) struct Trying {
    address: Option<Vec<u8>>,
    account: Option<Vec<u8>>,
}

/// The limits.
pub(super) struct Attempts {
    pool: Pool,
    window: Duration,
    per_address: i32,
    per_account: i32,
}

impl Attempts {
    pub(super) fn new(pool: Pool, config: &Config) -> Self {
        Self {
            pool,
            window: config.auth_attempts_window.0,
            per_address: config.auth_attempts_per_address,
            per_account: config.auth_attempts_per_account,
        }
    }

    /// Counts a try before it is made, or says how long to wait.
    pub(super) async fn count(&self, trying: &Trying) -> Result<(), Refused> {
        let keys: Vec<&[u8]> = trying.keys().collect();
        let client = self.pool.get().await.map_err(|_| Refused::Later)?;
        let window = self.window.as_secs_f64();
        let rows = client.query(COUNT, &[&keys, &window]).await;
        let rows = rows.map_err(|why| {
            tracing::error!(why = said(&why), "attempts cannot be counted");
            Refused::Later
        })?;
        let mut wait = 0;
        for row in rows {
            let (key, tries, left): (&[u8], i32, i64) = (row.get(0), row.get(1), row.get(2));
            let account = trying.account.as_deref() == Some(key);
            let most = if account {
                self.per_account
            } else {
                self.per_address
            };
            if tries > most {
                wait = wait.max(left.max(1));
            }
        }
        if wait > 0 {
            metrics::counter!("syncline_sign_ins_limited_total").increment(1);
            return Err(Refused::TooMany(wait.cast_unsigned()));
        }
        Ok(())
    }

    /// The try was good: the account is not counted against any more.
    pub(super) async fn forgive(&self, trying: &Trying) {
        let Ok(client) = self.pool.get().await else {
            return;
        };
        // The count ends by itself.
        let _ = client.execute(FORGIVE, &[&trying.account]).await;
    }

    /// Forgets what is not counted any more.
    pub(super) async fn forget(&self) {
        if let Ok(client) = self.pool.get().await {
            // What stays is forgotten the next time.
            let _ = client.execute(FORGET, &[&self.window.as_secs_f64()]).await;
        }
    }
}

impl Trying {
    /// Who tries, by digests: `digest` is one that needs the secret.
    pub(super) fn new(
        address: Option<IpAddr>,
        email: Option<&str>,
        digest: impl Fn(&str) -> Vec<u8>,
    ) -> Self {
        Self {
            address: address.map(|it| digest(&format!("address {}", network(it)))),
            account: email.map(|it| digest(&format!("account {it}"))),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.address
            .as_deref()
            .into_iter()
            .chain(self.account.as_deref())
    }
}

/// The address, or of IPv6 what one customer has.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(it) => it.to_string(),
        IpAddr::V6(it) => {
            let [a, b, c, d, ..] = it.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_are_one() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
