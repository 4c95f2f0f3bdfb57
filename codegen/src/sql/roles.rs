//! The database roles that `setup.sql` makes and other outputs connect as.

/// The schema in which the PowerSync Service keeps its buckets.
pub const STORAGE_SCHEMA: &str = "powersync";

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
