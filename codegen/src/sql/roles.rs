//! The database roles that `setup.sql` makes and other outputs connect as.

/// The schema in which the PowerSync Service keeps its buckets.
pub const STORAGE_SCHEMA: &str = "powersync";

/// The setting in which `setup.sql` takes the password of the app's server.
pub const APP_PASSWORD: &str = "syncline.app_password";

/// The setting in which it takes the password of the service as a reader.
pub const REPLICATION_PASSWORD: &str = "syncline.powersync_password";

/// The setting in which it takes the password of the service as a keeper of buckets.
pub const STORAGE_PASSWORD: &str = "syncline.storage_password";

/// The role of the app's server: reads and writes rows.
pub fn app(project: &str) -> String {
    named(project, "app")
}

/// The role as which the PowerSync Service reads the tables.
pub fn replication(project: &str) -> String {
    named(project, "powersync")
}

/// The role as which the PowerSync Service keeps its buckets.
pub fn storage(project: &str) -> String {
    named(project, "storage")
}

/// Roles belong to the whole server, so they carry the project's name. It has 50 bytes at most:
/// the result fits.
fn named(project: &str, what: &str) -> String {
    format!("{}_{what}", project.replace('-', "_"))
}
