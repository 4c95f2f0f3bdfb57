//! Fetches what the doctor judges: the database, the service, the keys, the token.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use syncline_codegen::doctor::jwks::{Jwks, Key};
use syncline_codegen::doctor::token::{Rules, judge};
use syncline_codegen::doctor::{self, Configuration, Level, Line, service};
use syncline_codegen::live::{self, catalog, http, runner, server};
use syncline_codegen::migrate::folder::Folder;
use syncline_codegen::read::text;
use syncline_schema::{Code, Schema, Sources};

use crate::Exit;
use crate::args::{Doctor, MigrateFormat};
use crate::commands;
use crate::project::Project;
use crate::ui::Ui;

/// How long the service waits for keys before it refuses a token for their lack.
const SERVICE_WAITS: Duration = Duration::from_secs(3);

/// The service's answer to any token when it has no keys.
const REFUSED: &str = "PSYNC_S2204: ";

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
    let keys = keys(uri, timeout, &mut lines);
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

fn in_seconds() -> i64 {
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

/// Fetches the keys of the issuer, and compares its clock.
fn keys(uri: &str, timeout: Duration, lines: &mut Vec<Line>) -> Option<Jwks> {
    let shown = http::shown(uri);
    let mut unread = |answer: &str, why: &str| {
        lines.push(Line::error(
            Code::U013,
            format!("{answer}the keys at {shown} cannot be read: {why}"),
            "the service fetches the same address: without keys it takes no token",
            format!("curl {shown}\nanother address for this machine: --jwks-uri URL"),
        ));
        None
    };
    let asked = Instant::now();
    let answer = match http::get(uri, timeout) {
        Ok(answer) => answer,
        // The service has no such limit.
        Err(failure @ http::Failure::TooLarge) => return unread("", &failure.to_string()),
        Err(failure) => return unread(REFUSED, &failure.to_string()),
    };
    let took = asked.elapsed();
    if !(200..300).contains(&answer.status) {
        return unread(REFUSED, &format!("the answer is {}", answer.status));
    }
    let keys = match Jwks::parse(&answer.body) {
        Ok(keys) => keys,
        Err(why) => return unread(REFUSED, &why),
    };
    if took > SERVICE_WAITS {
        lines.push(Line::warning(
            Code::U013,
            format!("the keys at {shown} took {:.1} s", took.as_secs_f32()),
            "the service waits 3 s for them, and refuses tokens as PSYNC_S2204 until they are there",
            "look at the server of that address, and at the network on the way",
        ));
    }
    if keys.keys.iter().any(Key::broken) {
        lines.push(Line::error(
            Code::U013,
            format!("PSYNC_S2201: a key at {shown} lacks a part"),
            "the service reads all of them or none: it refuses every token",
            "an RSA key has `n` and `e`, an EC key `crv`, `x` and `y`, an OKP key `crv` and `x`",
        ));
    } else if keys.keys.iter().all(|it| it.unusable.is_some()) {
        let reasons = keys.keys.iter().filter_map(|it| it.unusable).next();
        lines.push(Line::error(
            Code::U013,
            format!(
                "there is no key at {shown} that the service takes{}",
                reasons.map(|it| format!(": {it}")).unwrap_or_default()
            ),
            "every token is refused as PSYNC_S2101",
            "let the issuer publish the public halves of its signing keys; Better Auth makes its first one when it first signs",
        ));
    } else if keys.keys.iter().any(|it| it.private) {
        lines.push(Line::error(
            Code::U013,
            format!("the keys at {shown} hold a private or shared key"),
            "whoever reads it signs tokens for any user",
            "publish public halves only, and replace the key: it is known by now",
        ));
    } else {
        lines.push(Line::ok(
            Code::U013,
            format!("{} keys at {shown}", keys.keys.len()),
        ));
    }
    if let Some(date) = answer.date {
        lines.push(doctor::clocks(
            "the server that signs",
            (date - in_seconds()) * 1000,
        ));
    }
    Some(keys)
}
