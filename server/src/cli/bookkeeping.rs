//! `bookkeeping`: makes the server's own tables.

use syncline_connect::ConnectError;

use super::{Done, say};
use crate::app::App;
use crate::pool::address;
use crate::store::install;

pub(super) async fn run(app: &App, sql: bool) -> Done {
    if sql {
        say(&format!("{}\n{}", install::SQL, install::grants(app.role)));
        return Ok(());
    }
    let url = std::env::var("DATABASE_URL")
        .map_err(|_| vec!["DATABASE_URL is not set: the role that owns the database".to_owned()])?;
    let (address, connector) = address(&url).map_err(|why| vec![why])?;
    let connected = address.config.connect(connector).await;
    let (client, connection) =
        connected.map_err(|why| vec![ConnectError::of(&address, &why).to_string()])?;
    let running = tokio::spawn(connection);
    let installed = install::install(&client, app.role).await;
    drop(client);
    let _ = running.await;
    installed.map_err(|why| vec![format!("the tables could not be made: {why}")])?;
    say("schema syncline is ready");
    Ok(())
}
