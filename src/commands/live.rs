//! What verbs share that ask a database.

use crate::Exit;
use crate::ui::Ui;

/// The URL that the arguments or the environment name.
///
/// A build without network listens to the arguments alone: the variable may be there for others.
pub(super) fn url(named: Option<&str>) -> Option<String> {
    let variable = || std::env::var("DATABASE_URL").ok();
    let from_environment = || variable().filter(|_| cfg!(feature = "live"));
    let url = named.map(str::to_owned).or_else(from_environment);
    url.filter(|it| !it.is_empty())
}

/// Connects and asks. An error is what there is to say of it.
#[cfg(feature = "live")]
pub(super) fn ask<T>(
    url: &str,
    work: impl AsyncFnOnce(&syncline_codegen::live::Client) -> Result<T, String>,
) -> Result<T, String> {
    use syncline_codegen::live::{block_on, connect};

    let asked = block_on(async {
        let client = connect(url).await.map_err(|error| error.to_string())?;
        work(&client).await
    });
    asked.map_err(|error| no_sockets(&error))?
}

/// What a database holds. An error is what there is to say of it.
#[cfg(feature = "live")]
pub(super) fn catalog(url: &str) -> Result<syncline_codegen::live::catalog::Catalog, String> {
    use syncline_codegen::live::catalog;

    ask(url, async |client| {
        let read = catalog::read(client, &catalog::Options::default()).await;
        read.map_err(|error| error.to_string())
    })
}

/// Why a process cannot so much as try to connect.
#[cfg(feature = "live")]
pub(super) fn no_sockets(error: &std::io::Error) -> String {
    format!("the operating system lets nobody wait for sockets: {error}")
}

/// What a build without network says to a verb that wants a database.
#[cfg(not(feature = "live"))]
pub(super) const NO_DATABASE: &str = "this build talks to no database: it was made without the feature `live`; `cargo build` with the default features has it";

/// [`NO_DATABASE`], said.
#[cfg(not(feature = "live"))]
pub(super) fn no_database(ui: &Ui) -> Exit {
    failed(ui)(NO_DATABASE.to_owned())
}

/// Says why the tool could not do its work.
pub(super) fn failed(ui: &Ui) -> impl FnOnce(String) -> Exit {
    |why| {
        ui.fail(&why);
        Exit::Failed
    }
}
