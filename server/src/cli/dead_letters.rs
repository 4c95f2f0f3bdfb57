//! `dead-letters`: list, show, replay, discard.

use super::args::DeadLetters;
use super::{Done, say};
use crate::app::App;
use crate::config::Config;
use crate::hooks::Hooks;
use crate::pool::pool;
use crate::store::dead_letters::{self, DeadLetter};
use crate::upload::{Engine, Tuning};
use crate::verdict::Verdict;

pub(super) async fn run(
    app: &'static App,
    hooks: Hooks,
    config: &Config,
    verb: &DeadLetters,
) -> Done {
    let pool = pool(config).map_err(|why| vec![why])?;
    let engine = Engine::new(app, pool, hooks, Tuning::default());
    match verb {
        DeadLetters::List {
            user,
            all,
            limit,
            json,
        } => list(&engine, user.as_deref(), *all, *limit, *json).await,
        DeadLetters::Show { id } => show(&engine, *id).await.map_err(|why| vec![why]),
        DeadLetters::Replay { ids } => {
            let mut errors = Vec::new();
            for id in ids {
                match replay(&engine, *id).await {
                    Ok(line) => say(&line),
                    Err(why) => errors.push(format!("{id}: {why}")),
                }
            }
            fail(errors)
        }
        DeadLetters::Discard { ids } => {
            let mut errors = Vec::new();
            for id in ids {
                match settle(&engine, *id, "discarded").await {
                    Ok(()) => say(&format!("{id}: discarded")),
                    Err(why) => errors.push(format!("{id}: {why}")),
                }
            }
            fail(errors)
        }
    }
}

fn fail(errors: Vec<String>) -> Done {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

async fn list(engine: &Engine, user: Option<&str>, all: bool, limit: i64, json: bool) -> Done {
    let state = (!all).then_some("open");
    let client = connection(engine).await.map_err(|why| vec![why])?;
    let letters = dead_letters::list(&client, user, state, limit).await;
    let letters = letters.map_err(|why| vec![why.to_string()])?;
    for letter in &letters {
        if json {
            say(&serde_json::to_string(letter).unwrap_or_default());
        } else {
            say(&line(letter));
        }
    }
    if letters.is_empty() && !json {
        say("no dead letters");
    }
    Ok(())
}

/// One line of a list.
fn line(letter: &DeadLetter) -> String {
    let at = letter
        .op_index
        .map_or_else(String::new, |at| format!(" op {at}"));
    let column = letter
        .column
        .as_deref()
        .map_or_else(String::new, |it| format!(" {it}"));
    format!(
        "{}  {}  user {}  client {}  transaction {}{at}  {}{column}: {}{}",
        letter.id,
        letter.created_at,
        letter.user_id,
        letter.client_id.as_deref().unwrap_or("-"),
        letter.op_id.as_deref().unwrap_or("-"),
        letter.code,
        letter.message,
        if letter.state == "open" {
            ""
        } else {
            "  (settled)"
        },
    )
}

async fn show(engine: &Engine, id: i64) -> Result<(), String> {
    let (letter, payload) = letter(engine, id).await?;
    say(&line(&letter));
    say(&String::from_utf8_lossy(&payload));
    Ok(())
}

async fn replay(engine: &Engine, id: i64) -> Result<String, String> {
    let (letter, payload) = letter(engine, id).await?;
    match engine.replay(&letter, &payload).await {
        Ok(Some(Verdict::Rejected(rejection))) => Err(format!(
            "was refused again: {}: {}",
            rejection.refusal.code.name(),
            rejection.refusal.message
        )),
        Ok(Some(_)) => Ok(format!("{id}: applied")),
        Ok(None) => Err("there is no open dead letter of this number".to_owned()),
        Err(retry) => Err(retry.reason),
    }
}

async fn letter(engine: &Engine, id: i64) -> Result<(DeadLetter, Vec<u8>), String> {
    let client = connection(engine).await?;
    let letter = dead_letters::get(&client, id).await;
    let letter = letter.map_err(|why| why.to_string())?;
    letter.ok_or_else(|| "there is no such dead letter".to_owned())
}

async fn settle(engine: &Engine, id: i64, state: &str) -> Result<(), String> {
    let client = connection(engine).await?;
    let settled = dead_letters::settle(&client, id, state).await;
    match settled.map_err(|why| why.to_string())? {
        true => Ok(()),
        false => Err("there is no open dead letter of this number".to_owned()),
    }
}

async fn connection(engine: &Engine) -> Result<deadpool_postgres::Client, String> {
    engine.connection().await.map_err(|why| why.reason)
}
