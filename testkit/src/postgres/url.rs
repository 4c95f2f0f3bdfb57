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

#[cfg(test)]
mod tests {
    use super::with_database;

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
}
