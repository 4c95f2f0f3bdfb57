//! Notes on the command line: `cargo run --example notes -- notes.db add milk`, then `list`, `done ID` and
//! `sync http://localhost:3011 SESSION-COOKIE`.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::Arc;

use futures_lite::{StreamExt, pin};
use syncline_client::runtime::{SyncTable as _, Timestamp};
use syncline_client::{
    Account, AccountOptions, ConnectorOptions, Database, FileStorage, SyncPhase, SyncState,
    SyncTable, now,
};

/// The table `projects` of the notes app, whose rows are lists of notes.
#[derive(Debug, SyncTable)]
#[sync(crate = "::syncline_client::runtime")]
struct Projects {
    id: String,
    owner_id: Option<String>,
    name: String,
    #[sync(default = false)]
    is_default: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [file, command @ ..] = words.as_slice() else {
        return Err("which database?".into());
    };
    let database = Database::open(file, &[Projects::TABLE])?;
    match command {
        ["add", name] => {
            let project = Projects {
                id: String::new(),
                owner_id: None,
                name: (*name).to_owned(),
                is_default: false,
                created_at: now(),
                updated_at: now(),
                deleted_at: None,
            };
            println!("{}", database.insert(project).await?);
        }
        ["rename", id, name] => {
            let renamed = database.update::<Projects>(id, |it| it.name = (*name).to_owned());
            println!(
                "{}",
                if renamed.await? {
                    "renamed"
                } else {
                    "not there"
                }
            );
        }
        ["done", id] => {
            let done = database.delete::<Projects>(id).await?;
            println!("{}", if done { "done" } else { "not there" });
        }
        ["list"] => {
            let rest = "WHERE deleted_at IS NULL ORDER BY created_at";
            for project in database.select::<Projects>(rest, []).await? {
                println!("{} {}", project.id, project.name);
            }
        }
        ["sync", server, cookie] => sync(&database, file, server, cookie).await?,
        _ => return Err("add NAME, rename ID NAME, done ID, list, or sync SERVER COOKIE".into()),
    }
    Ok(())
}

/// Opens the data of who is signed in, and shows the status until everything is there.
async fn sync(
    database: &Database,
    file: &str,
    server: &str,
    cookie: &str,
) -> Result<(), Box<dyn Error>> {
    let mut connector = ConnectorOptions::new(server);
    let cookie = cookie.to_owned();
    connector.headers = Some(Arc::new(move || {
        vec![("cookie".to_owned(), cookie.clone())]
    }));
    connector.on_rejected = Some(Arc::new(|it| {
        println!("refused: {} {}", it.code, it.message)
    }));
    let storage = FileStorage::new(format!("{file}.account"));
    let account = Account::new(database, AccountOptions::new(storage, connector));
    let user = account
        .connector()
        .signed_in()
        .await?
        .ok_or("nobody is signed in")?;
    account.open(Some(&user), None).await?;
    let states = SyncState::watch(database, account.connector());
    pin!(states);
    while let Some(state) = states.next().await {
        let state = state?;
        println!("{:?}, {} unsent", state.phase, state.unsent);
        match state.phase {
            SyncPhase::Synced => break,
            SyncPhase::Blocked => return Err("the oldest change needs a decision".into()),
            _ => {}
        }
    }
    database.powersync().disconnect().await;
    Ok(())
}
