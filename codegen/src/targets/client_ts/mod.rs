//! Target `client_ts`: the runtime client in TypeScript, below `ts/client`.
//!
//! In: the tables that devices write, the streams that they may ask for, the schema's version.
//! Out: `write.ts` and `streams.ts`, which follow the schema, and files that every app has alike.

mod streams;
mod view;
mod write;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "client_ts",
    title: "the runtime client in TypeScript",
    templates: templates![
        "client_ts/write.ts.j2",
        "client_ts/streams.ts.j2",
        "client_ts/account.ts.j2",
        "client_ts/adopt.ts.j2",
        "client_ts/connector.ts.j2",
        "client_ts/database.ts.j2",
        "client_ts/electron/ipc.ts.j2",
        "client_ts/electron/main.ts.j2",
        "client_ts/electron/open.ts.j2",
        "client_ts/electron/preload.ts.j2",
        "client_ts/electron/renderer.ts.j2",
        "client_ts/electron/worker.ts.j2",
        "client_ts/expo/network.ts.j2",
        "client_ts/expo/open.ts.j2",
        "client_ts/latest.ts.j2",
        "client_ts/queue.ts.j2",
        "client_ts/react.tsx.j2",
        "client_ts/request.ts.j2",
        "client_ts/rules.ts.j2",
        "client_ts/status.ts.j2",
        "client_ts/storage.ts.j2",
        "client_ts/token.ts.j2",
        "client_ts/tsconfig.json.j2",
        "client_ts/web/open.ts.j2",
        "client_ts/web/vite.ts.j2",
        "client_ts/writer.ts.j2",
    ],
    emit,
};

const STREAMS: &str = "client_ts/streams.ts.j2";
const WRITE: &str = "client_ts/write.ts.j2";

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    out.render("ts/client/write.ts", WRITE, &write::View::lower(schema))?;
    out.render(
        "ts/client/streams.ts",
        STREAMS,
        &streams::View::lower(schema),
    )?;
    let around = view::Around::lower(schema);
    let alike = TARGET
        .templates
        .iter()
        .filter(|(name, _)| ![WRITE, STREAMS].contains(name));
    for (template, _) in alike {
        let file = template.trim_start_matches("client_ts/");
        let path = format!("ts/client/{}", file.trim_end_matches(".j2"));
        out.render(path, template, &around)?;
    }
    Ok(())
}
