//! `bookkeeping`: makes the server's own tables.

use tokio_postgres::NoTls;

use super::{Done, say};
use crate::app::App;
use crate::store::install;

pub(super) async fn run(app: &App, sql: bool) -> Done {
    if sql {
        say(&format!("{}\n{}", install::SQL, install::grants(app.role)));
        return Ok(());
    }
    let url = std::env::var("DATABASE_URL")
        .map_err(|_| vec!["DATABASE_URL is not set: the role that owns the database".to_owned()])?;
    let (client, connection) = tokio_postgres::connect(&url, NoTls)
        .await
        .map_err(|why| vec![format!("no connection to the database: {why}")])?;
    let running = tokio::spawn(connection);
    let installed = install::install(&client, app.role).await;
    drop(client);
    let _ = running.await;
    installed.map_err(|why| vec![format!("the tables could not be made: {why}")])?;
    say("schema syncline is ready");
    Ok(())
}
