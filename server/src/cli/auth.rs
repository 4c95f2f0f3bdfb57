//! `auth-tables`, `rotate-key` and `dev-token`.

use super::{Done, say};
use crate::app::App;
use crate::auth::better_auth::tables::{self, Statements};
use crate::auth::issuer::development::Development;
use crate::auth::issuer::{Ring, claims};
use crate::config::Config;
use crate::pool::pool;

/// Makes Better Auth's tables, or gives the rights that are needed beside it.
pub(super) async fn tables(app: &App, config: &Config, sql: bool, beside: bool) -> Done {
    let schema = &config.auth_schema;
    let (install, grants) = if beside {
        (String::new(), tables::grants_beside(schema, app.role))
    } else {
        (tables::install(schema), tables::grants(schema, app.role))
    };
    if sql {
        say(format!("{install}{grants}").trim_end());
        return Ok(());
    }
    let one =
        |why: &dyn ToString| vec![format!("the tables could not be made: {}", why.to_string())];
    let pool = pool(config).map_err(|why| vec![why])?;
    let client = pool.get().await.map_err(|why| one(&why))?;
    const ROLE: &str = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)";
    let exists = client
        .query_one(ROLE, &[&app.role])
        .await
        .map_err(|why| one(&why))?;
    let grants = if exists.get(0) { grants } else { String::new() };
    let lock = "SELECT pg_advisory_xact_lock(hashtext('syncline.bookkeeping'))";
    let whole = format!("BEGIN; {lock};\n{install}\n{grants}COMMIT");
    client
        .batch_execute(&whole)
        .await
        .map_err(|why| one(&why))?;
    say(&format!("schema {schema} is ready"));
    Ok(())
}

/// Makes the next key.
pub(super) async fn rotate(config: &Config) -> Done {
    let (true, Some(secret)) = (config.auth_issue, config.auth_secret.0.clone()) else {
        return Err(vec![
            "SYNCLINE_AUTH_ISSUE is not set: the keys are the issuer's".to_owned(),
        ]);
    };
    let pool = pool(config).map_err(|why| vec![why])?;
    let ring = Ring::new(pool, Statements::new(&config.auth_schema), secret, config);
    let id = ring.rotate().await.map_err(|why| vec![why])?;
    say(&format!(
        "new tokens are signed with key {id} within {:?}",
        config.auth_refresh.0
    ));
    Ok(())
}

/// Prints a token for development.
pub(super) fn token(config: &Config, user: &str, minutes: i64) -> Done {
    let Some(path) = &config.auth_development_key.0 else {
        let why = "SYNCLINE_AUTH_DEVELOPMENT_KEY is not set: name a file for the key, here and for the server";
        return Err(vec![why.to_owned()]);
    };
    let issuer = match config.auth_issuer_name() {
        "" => &config.auth_audience,
        name => name,
    };
    let claims = claims(user, issuer, &config.auth_audience, minutes * 60);
    let token = Development::open(path).and_then(|key| key.token(&claims));
    say(&token.map_err(|why| vec![why])?);
    Ok(())
}
