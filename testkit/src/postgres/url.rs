//! The URL of a server, pointed at another of its databases.

/// The same server, another database: the path of `postgres://user:password@host:port/database?options`.
pub(super) fn with_database(url: &str, database: &str) -> String {
    let (address, options) = url
        .split_once('?')
        .map_or((url, None), |(address, options)| (address, Some(options)));
    let host = address.find("://").map_or(0, |scheme| scheme + 3);
    let end = address[host..]
        .find('/')
        .map_or(address.len(), |slash| host + slash);
    let options = options.map_or_else(String::new, |options| format!("?{options}"));
    format!("{}/{database}{options}", &address[..end])
}

/// The same database, another user: what stands before the `@`.
pub(crate) fn with_user(url: &str, user: &str, password: &str) -> String {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url[host..]
        .find('/')
        .map_or(url.len(), |slash| host + slash);
    // A password may hold the sign as well.
    let address = url[host..end].rfind('@').map_or(host, |at| host + at + 1);
    format!("{}{user}:{password}@{}", &url[..host], &url[address..])
}

#[cfg(test)]
mod tests {
    use super::{with_database, with_user};

    #[test]
    fn the_database_of_a_url_is_its_path() {
        let local = "postgres://postgres:secret@127.0.0.1:5433/postgres?sslmode=disable";
        assert_eq!(
            with_database(local, "a"),
            "postgres://postgres:secret@127.0.0.1:5433/a?sslmode=disable"
        );
        assert_eq!(
            with_database("postgres://localhost", "a"),
            "postgres://localhost/a"
        );
        assert_eq!(
            with_database("postgresql:///old?host=/tmp", "a"),
            "postgresql:///a?host=/tmp"
        );
    }

    #[test]
    fn the_user_of_a_url_stands_before_the_host() {
        let wanted = "postgres://app:secret@127.0.0.1:5433/a?sslmode=disable";
        for user in ["", "postgres@", "postgres:p@ss@"] {
            let url = format!("postgres://{user}127.0.0.1:5433/a?sslmode=disable");
            assert_eq!(with_user(&url, "app", "secret"), wanted);
        }
    }
}
