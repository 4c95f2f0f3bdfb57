//! The live database of `check --database-url`.

use syncline_codegen::check::Database;

use crate::Exit;
use crate::ui::Ui;

/// Reads a database; none where none is named.
#[cfg(feature = "live")]
pub(super) fn database(ui: &Ui, url: Option<&str>) -> Result<Option<Database>, Exit> {
    use syncline_codegen::live::{block_on, catalog, connect};

    let Some(url) = url else { return Ok(None) };
    let read = block_on(async {
        let client = connect(url).await.map_err(|error| error.to_string())?;
        let read = catalog::read(&client, &catalog::Options::default()).await;
        read.map_err(|error| error.to_string())
    });
    match read.map_err(|error| error.to_string()).and_then(|it| it) {
        Ok(catalog) => Ok(Some(Database {
            published: catalog.publication.map(|_| catalog.published),
            schema: catalog.schema,
            said: Vec::new(),
        })),
        Err(why) => {
            ui.fail(&why);
            Err(Exit::Failed)
        }
    }
}

/// Reads a database; none where none is named.
#[cfg(not(feature = "live"))]
pub(super) fn database(ui: &Ui, url: Option<&str>) -> Result<Option<Database>, Exit> {
    if url.is_none() {
        return Ok(None);
    }
    ui.fail("this build talks to no database: it was made without the feature `live`");
    Err(Exit::Failed)
}
