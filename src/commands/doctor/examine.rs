//! Fetches what the doctor judges: the database, the service, the keys, the token.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use syncline_codegen::doctor::token::{Rules, judge};
use syncline_codegen::doctor::{self, Configuration, Level, Line, service};
use syncline_codegen::live::{self, catalog, http, runner, server};
use syncline_codegen::migrate::folder::Folder;
use syncline_codegen::read::text;
use syncline_schema::{Code, Schema, Sources};

use super::keys;
use crate::Exit;
use crate::args::{Doctor, MigrateFormat};
use crate::commands;
use crate::project::Project;
use crate::ui::Ui;

/// More bytes than any token has.
const TOKEN_LIMIT: u64 = 64 * 1024;

pub(super) fn run(ui: &Ui, args: &Doctor) -> Exit {
    let project = match Project::find(ui, &args.source) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let (loaded, _) = project.load();
    if loaded.diagnostics.has_errors() {
        ui.findings(&loaded.diagnostics, &loaded.sources);
        return Exit::Findings;
    }
    let token = match token(args) {
        Ok(token) => token,
        Err(why) => {
            ui.fail(&why);
            return Exit::Failed;
        }
    };
    let configuration = match configuration(args, &project, &loaded.schema) {
        Ok(configuration) => configuration,
        Err(why) => {
            ui.fail(&why);
            return Exit::Failed;
        }
    };
    let url = commands::live::url(args.database.database_url.as_deref());
    let powersync = given(args.powersync_url.as_deref(), "POWERSYNC_URL");
    if url.is_none() && powersync.is_none() && token.is_none() && args.jwks_uri.is_none() {
        ui.fail("what is to be examined? give --database-url, --powersync-url, a token or --jwks-uri, or set DATABASE_URL, POWERSYNC_URL or POWERSYNC_TOKEN");
        return Exit::Failed;
    }
    let mut lines = Vec::new();
    let mut out_of_reach = false;
    if let Some(url) = &url {
        let folder = project.folder.join(&loaded.schema.settings.migrations.dir);
        let folder = folder.is_dir().then(|| Folder::read(&folder));
        match in_database(url, &loaded.schema, &configuration, folder.as_ref()) {
            Ok(found) => lines.extend(found),
            Err(line) => {
                out_of_reach = true;
                lines.push(line);
            }
        }
    }
    let timeout = Duration::from_secs(args.timeout);
    if let Some(base) = &powersync {
        let admin = given(args.admin_token.as_deref(), "POWERSYNC_ADMIN_TOKEN");
        lines.extend(in_service(base, admin.as_deref(), timeout));
    }
    let auth = &loaded.schema.settings.auth;
    let audiences = match &args.audience {
        Some(audience) => vec![audience.clone()],
        None => configuration.audiences,
    };
    let rules = Rules {
        issuer: args.issuer.as_deref().unwrap_or(&auth.issuer),
        audiences: &audiences,
        algorithm: args.algorithm.as_deref().unwrap_or(auth.algorithm.name()),
    };
    let uri = args.jwks_uri.as_deref().unwrap_or(&auth.jwks_uri);
    let keys = keys::fetch(uri, timeout, &mut lines);
    if let Some(token) = &token {
        lines.extend(judge(token, keys.as_ref(), &rules, in_seconds()));
    }
    ui.out(&match args.format {
        MigrateFormat::Human => doctor::human(&lines),
        MigrateFormat::Json => format!("{:#}\n", doctor::json(&lines)),
    });
    if out_of_reach {
        Exit::Failed
    } else if lines.iter().any(|it| it.level == Level::Error) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// An argument, or the variable that stands for it; none where it is empty.
fn given(argument: Option<&str>, variable: &str) -> Option<String> {
    let from_environment = || std::env::var(variable).ok();
    let it = argument.map(str::to_owned).or_else(from_environment);
    it.filter(|it| !it.is_empty())
}

/// What the service's configuration says: the file that is named, or else the one that is there.
fn configuration(
    args: &Doctor,
    project: &Project,
    schema: &Schema,
) -> Result<Configuration, String> {
    let named = schema.settings.check.service.first();
    let generated = || Path::new(&schema.settings.output).join("powersync/service.yaml");
    let path = match (&args.service, named) {
        (Some(path), _) => path.clone(),
        (None, Some(path)) => project.folder.join(&path.value),
        (None, None) => project.folder.join(generated()),
    };
    if args.service.is_none() && !path.is_file() {
        return Ok(Configuration::of(schema));
    }
    let unread = |why: String| format!("the service's configuration: {why}");
    let bytes = std::fs::read(&path)
        .map_err(|error| unread(format!("{} cannot be read: {error}", path.display())))?;
    let source = text::add(&mut Sources::default(), &path, &bytes);
    source
        .and_then(|it| Configuration::read(schema, &it, |name| given(None, name)))
        .map_err(|found| unread(found.message))
}

/// The token to judge, if one is given; an empty one counts.
fn token(args: &Doctor) -> Result<Option<String>, String> {
    let Some(file) = &args.token_file else {
        let variable = || std::env::var("POWERSYNC_TOKEN").ok();
        return Ok(args.token.clone().or_else(variable));
    };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(TOKEN_LIMIT).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|it| it.take(TOKEN_LIMIT).read_to_string(&mut text))
    };
    read.map_err(|error| format!("the token cannot be read from {}: {error}", file.display()))?;
    Ok(Some(text))
}

fn now() -> Duration {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default()
}

pub(super) fn in_seconds() -> i64 {
    i64::try_from(now().as_secs()).unwrap_or(i64::MAX)
}

/// Examines the database; an error is the line that says why it could not.
fn in_database(
    url: &str,
    schema: &Schema,
    configuration: &Configuration,
    folder: Option<&Folder>,
) -> Result<Vec<Line>, Line> {
    let unreached = |title: String, mend: String| {
        let meaning = "nothing can be said about replication, roles and slots";
        Line::error(Code::U001, title, meaning, mend)
    };
    let done = live::block_on(async {
        let client = live::connect(url)
            .await
            .map_err(|error| unreached(error.message, error.help))?;
        let asked = doctor::asked_roles(&schema.settings.project, configuration);
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let failed = |error: &dyn std::fmt::Display| {
            let mend = "give a role that may connect and read the catalogs";
            unreached(error.to_string(), mend.to_owned())
        };
        let server = server::read(&client, &asked)
            .await
            .map_err(|error| failed(&error))?;
        let clock = i64::try_from(now().as_millis()).unwrap_or(i64::MAX);
        let catalog = catalog::read(&client, &catalog::Options::default())
            .await
            .map_err(|error| failed(&error))?;
        let mut lines = doctor::database(&doctor::Database {
            schema,
            configuration,
            server: &server,
            catalog: &catalog,
            clock,
        });
        if let Some(folder) = folder {
            lines.push(match runner::status(&client, folder).await {
                Ok(status) => doctor::migrations(&status.open().collect::<Vec<_>>()),
                Err(error) => Line::warning(
                    Code::U010,
                    format!("the record of migrations cannot be read: {error}"),
                    "nobody can say whether the database has what the schema says",
                    "syncline migrate status",
                ),
            });
        }
        Ok(lines)
    });
    done.unwrap_or_else(|error| {
        Err(unreached(
            commands::live::no_sockets(&error),
            "look at the limits of this process: ulimit -n".to_owned(),
        ))
    })
}

/// Examines the service.
fn in_service(base: &str, admin: Option<&str>, timeout: Duration) -> Vec<Line> {
    let base = base.trim_end_matches('/');
    let unreached = |failure: &http::Failure| {
        Line::error(
            Code::U011,
            format!(
                "the service at {} does not answer: {failure}",
                http::shown(base)
            ),
            "no device syncs by it",
            "look whether it runs (docker compose ps) and whether this is its address (--powersync-url)",
        )
    };
    let mut lines = Vec::new();
    for (path, what) in service::PROBES {
        match http::get(&format!("{base}{path}"), timeout) {
            Ok(answer) => lines.push(service::probe(path, what, answer.status)),
            // The next request would say the same.
            Err(failure) => return vec![unreached(&failure)],
        }
    }
    let Some(admin) = admin else {
        lines.push(Line::warning(
            Code::U012,
            "whether the service replicates was not asked",
            "its probes say ready even when nothing can sync",
            "give one of its api.tokens: POWERSYNC_ADMIN_TOKEN=… syncline doctor",
        ));
        return lines;
    };
    let url = format!("{base}{}", service::DIAGNOSTICS);
    match http::post(&url, admin, "{}", timeout) {
        Ok(answer) => lines.extend(service::diagnostics(answer.status, &answer.body)),
        Err(failure) => lines.push(unreached(&failure)),
    }
    lines
}
