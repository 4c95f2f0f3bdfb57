//! The TypeScript client: compiled with the real SDKs, and run on real PowerSync databases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use syncline_codegen::{generate, targets};
use syncline_schema::source::load_str;
use tempfile::TempDir;

const NOTES: &str = include_str!("../../syncline.toml");
const KITCHEN: &str = include_str!("../schemas/kitchen.toml");
const GROWN: &str = include_str!("../schemas/grown.toml");
const AWKWARD: &str = include_str!("../schemas/awkward.toml");
const ONLY_SERVER: &str = r#"
[project]
name = "only-server"
[tables.jobs]
sync = "server"
columns = { payload = "json" }
"#;

/// What the device's side of a schema is made of, on disk, with the npm packages in reach.
fn package(source: &str) -> TempDir {
    let schema = load_str(source).schema;
    let names = ["drizzle_sqlite", "powersync_schema", "client_ts"];
    let targets = names.map(|name| targets::find(name).expect("a target"));
    let made = generate(&schema, &targets).expect("templates that fit their views");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, file) in made.files.iter() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, &file.text).expect("a file of ours");
    }
    testkit::node::link_packages(folder.path());
    folder
}

/// What the compiler says of the client.
fn compile(folder: &Path) -> testkit::Output {
    let project = folder.join("ts/client").display().to_string();
    testkit::node::run("node_modules/typescript/bin/tsc", ["-p", &project], "")
}

/// Compiles files of the client beside the ones that `client/tsconfig.json` names.
fn compile_with(folder: &Path, files: &[&str], options: &str) -> testkit::Output {
    let text = format!(
        "{{ \"extends\": \"./tsconfig.json\", \"compilerOptions\": {{ {options} }}, \"include\": {files:?} }}"
    );
    let project = folder.join("ts/client/platform.json");
    fs::write(&project, text).expect("a file of ours");
    let project = project.display().to_string();
    testkit::node::run("node_modules/typescript/bin/tsc", ["-p", &project], "")
}

/// Runs one file of tests/node/client on the notes app.
#[track_caller]
fn run(tests: &str) {
    let folder = package(NOTES);
    let ts = folder.path().join("ts").display().to_string();
    testkit::node::run(format!("client/{tests}.test.mjs"), [ts], "").expect(0);
}

#[test]
fn every_sample_compiles_under_every_strict_flag() {
    testkit::needs!(node);
    let js = format!("{NOTES}\n[typescript]\nextensions = \"js\"\n");
    for (name, source) in [
        ("notes", NOTES),
        ("kitchen", KITCHEN),
        ("grown", GROWN),
        ("awkward", AWKWARD),
        ("only server", ONLY_SERVER),
        ("js", &js),
    ] {
        let folder = package(source);
        let output = compile(folder.path());
        assert_eq!(output.code, 0, "{name}\n{output}");
    }
}

#[test]
fn electron_and_the_web_compile_with_their_sdks() {
    testkit::needs!(node);
    let folder = package(NOTES);
    let files = ["*.ts", "*.tsx", "electron/*.ts", "web/*.ts"];
    let output = compile_with(folder.path(), &files, "\"types\": [\"node\"]");
    assert_eq!(output.code, 0, "{output}");
}

/// The React Native SDK has a `@powersync/common` of its own, older than that of the others.
#[cfg(unix)]
#[test]
fn expo_compiles_with_its_older_sdk() {
    use std::os::unix::fs::symlink;
    testkit::needs!(node);
    let folder = package(NOTES);
    let packages = testkit::node::folder().join("node_modules");
    let own = folder.path().join("node_modules");
    fs::remove_file(&own).expect("the link");
    fs::create_dir_all(own.join("@powersync")).expect("a new folder");
    let native = packages.join("@powersync/react-native");
    for (name, target) in [
        ("@powersync/react-native", native.clone()),
        (
            "@powersync/common",
            native.join("node_modules/@powersync/common"),
        ),
        (
            "@powersync/drizzle-driver",
            packages.join("@powersync/drizzle-driver"),
        ),
        ("@op-engineering", packages.join("@op-engineering")),
        ("@types", packages.join("@types")),
        ("csstype", packages.join("csstype")),
        ("drizzle-orm", packages.join("drizzle-orm")),
        ("react", packages.join("react")),
    ] {
        symlink(target, own.join(name)).expect("a new link");
    }
    let files = ["*.ts", "*.tsx", "expo/*.ts"];
    let output = compile_with(folder.path(), &files, "\"preserveSymlinks\": true");
    assert_eq!(output.code, 0, "{output}");
}

/// What an app must not be able to write.
const MISUSE: &str = r#"
import type { WriteDb } from "./writer";
import type { AbstractPowerSyncDatabase } from "@powersync/common";
import { stream } from "./streams";
import { writesOn } from "./write";

declare const powersync: AbstractPowerSyncDatabase;
declare const db: WriteDb;
const on = writesOn(db);
export const sound = on.folders.insert({ name: "a", slug: "a", kind: "b" });
export const back = on.folders.update("id", { deletedAt: null, parentId: null });
export const click = on.clicks.insert({ target: "a" });
export const gone = on.everyArray.delete("id");

export const folder = stream(powersync, "one_folder", { id: "a" }).subscribe({ ttl: 60 });
// @ts-expect-error it takes an id
export const nothing = stream(powersync, "one_folder");
// @ts-expect-error it is called otherwise
export const misnamed = stream(powersync, "one_folder", { name: "a" });
// @ts-expect-error it is sent without asking, or not there
export const unknown = stream(powersync, "owner_data");

// @ts-expect-error a folder has a name
export const nameless = on.folders.insert({ slug: "a", kind: "b" });
// @ts-expect-error set once
export const kind = on.folders.update("id", { kind: "b" });
// @ts-expect-error the server writes it
export const revision = on.folders.update("id", { revision: "1" });
// @ts-expect-error whose row it is comes from the token
export const owner = on.folders.update("id", { ownerId: "me" });
// @ts-expect-error a required column is not null
export const empty = on.folders.update("id", { name: null });
// @ts-expect-error deleting marks the row
export const removed = on.folders.delete("id");
// @ts-expect-error deleting removes the row
export const marked = on.everyArray.softDelete("id");
// @ts-expect-error devices only add to it
export const changed = on.clicks.update("id", {});
// @ts-expect-error an upsert needs to know which row
export const upserted = on.folders.upsert({ name: "a", slug: "a", kind: "b" });
// @ts-expect-error not a word of the enum
export const word = on.everyNullable.insert({ anEnum: "green" });
// @ts-expect-error devices do not write what is public
export const article = on.articles;
"#;

#[test]
fn writes_are_typed_by_the_schema() {
    testkit::needs!(node);
    let folder = package(KITCHEN);
    fs::write(folder.path().join("ts/client/misuse.ts"), MISUSE).expect("a file of ours");
    let output = compile(folder.path());
    assert_eq!(output.code, 0, "{output}");
}

#[test]
fn the_queue_is_uploaded_by_whole_transactions() {
    testkit::needs!(node);
    run("upload");
}

#[test]
fn the_status_says_what_is_so() {
    testkit::needs!(node);
    run("status");
}

#[test]
fn one_user_gives_way_to_the_next_whenever_the_app_dies() {
    testkit::needs!(node);
    run("account");
}

#[test]
fn views_take_the_typed_writes() {
    testkit::needs!(node);
    run("write");
}

#[test]
fn an_app_that_was_local_only_keeps_its_rows() {
    testkit::needs!(node);
    run("adopt");
}

#[test]
fn react_shows_what_is_so() {
    testkit::needs!(node);
    run("react");
}

#[test]
fn the_processes_of_electron_understand_each_other() {
    testkit::needs!(node);
    run("electron");
}

/// The app's own server, on a database that its migrations have made.
#[test]
fn the_real_server_and_postgresql_have_what_devices_wrote() {
    testkit::needs!(node, postgres);
    let root = testkit::repo_root();
    let db = testkit::postgres::database("client");
    let migrated = Command::new(env!("CARGO_BIN_EXE_syncline"))
        .args(["migrate", "apply"])
        .current_dir(&root)
        .env("DATABASE_URL", db.url())
        .output()
        .expect("the program of the workspace");
    let said = String::from_utf8_lossy(&migrated.stderr);
    assert!(migrated.status.success(), "{said}");
    let server = testkit::app::binary();
    let url = testkit::app::set_up(server, db.url()).expect("a database that is set up");
    let folder = package(NOTES);
    let issuer = testkit::Issuer::new(testkit::Signer::ec("ES256"));
    let keys = folder.path().join("jwks.json");
    issuer.write_jwks(&keys);
    let command = testkit::app::command(server, &url, &issuer, &keys);
    let environment: BTreeMap<_, _> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_str()?, value?.to_str()?)))
        .collect();
    let mut expired = issuer.claims("user-1");
    for (claim, time) in [("iat", 1_700_000_000), ("exp", 1_700_000_900)] {
        expired[claim] = time.into();
    }
    let stdin = serde_json::json!({
        "server": server,
        "environment": environment,
        "database": db.url(),
        "tokens": {
            "user-1": issuer.token("user-1"),
            "user-2": issuer.token("user-2"),
            "expired": issuer.sign(&expired),
        },
    });
    let ts = folder.path().join("ts").display().to_string();
    testkit::node::run("client/real.test.mjs", [ts], &stdin.to_string()).expect(0);
}
