//! The live database of `check --database-url`.

use syncline_codegen::check::Database;

use crate::Exit;
use crate::commands::live;
use crate::ui::Ui;

/// Reads a database; none where none is named.
pub(super) fn database(ui: &Ui, url: Option<&str>) -> Result<Option<Database>, Exit> {
    let Some(url) = url else { return Ok(None) };
    read(ui, url).map(Some)
}

#[cfg(feature = "live")]
fn read(ui: &Ui, url: &str) -> Result<Database, Exit> {
    let catalog = live::catalog(url).map_err(live::failed(ui))?;
    Ok(Database {
        published: catalog.publication.map(|_| catalog.published),
        schema: catalog.schema,
        said: Vec::new(),
    })
}

#[cfg(not(feature = "live"))]
fn read(ui: &Ui, _: &str) -> Result<Database, Exit> {
    Err(live::no_database(ui))
}
