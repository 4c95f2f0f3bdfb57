//! The TypeScript compiler, under every strict flag.

use std::fs;

use super::{KITCHEN, NOTES, Package, SAMPLES};

const ONLY_LOCAL: &str = r#"
[project]
name = "only-local"
[tables.settings]
sync = "local"
columns = { value = "json?" }
"#;

const ONLY_SERVER: &str = r#"
[project]
name = "only-server"
[tables.jobs]
sync = "server"
columns = { payload = "json" }
"#;

const EMPTY: &str = "[project]\nname = \"empty\"\n";

/// What the compiler says of a package.
#[track_caller]
pub(super) fn compile(package: &Package) -> testkit::Output {
    let project = package.path("").display().to_string();
    testkit::node::run("node_modules/typescript/bin/tsc", ["-p", &project], "")
}

#[test]
fn every_sample_compiles() {
    testkit::needs!(node);
    let others = [
        ("only local", ONLY_LOCAL),
        ("only server", ONLY_SERVER),
        ("empty", EMPTY),
    ];
    for (name, source) in SAMPLES.into_iter().chain(others) {
        let output = compile(&Package::of(source));
        assert_eq!(output.code, 0, "{name}\n{output}");
    }
}

#[test]
fn the_compiler_is_as_strict_as_it_can_be() {
    let config = Package::of(EMPTY).text("tsconfig.json");
    for flag in [
        "strict",
        "exactOptionalPropertyTypes",
        "noUncheckedIndexedAccess",
        "verbatimModuleSyntax",
        "isolatedModules",
    ] {
        assert!(
            config.contains(&format!("\"{flag}\": true")),
            "{flag}\n{config}"
        );
    }
}

/// What an app does with the package, and what it must not be able to do.
const USE: &str = r#"
import type { AbstractPowerSyncDatabase } from "@powersync/common";
import { wrapPowerSyncWithDrizzle } from "@powersync/drizzle-driver";
import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";
import { jwtOptions } from "./auth";
import { createAppSchema, setDeviceId, tables, type Database } from "./index";
import * as pg from "./pg";

declare const powersync: AbstractPowerSyncDatabase;
declare const issuer: string | undefined;

setDeviceId("this one");
export const schema = createAppSchema();
export const auth = betterAuth({ plugins: [jwt(jwtOptions({ issuer }))] });
export const db = wrapPowerSyncWithDrizzle(powersync, { schema: tables });
export const read = db.query.folders.findMany({
  with: { parent: true, shortcutOf: true, foldersByParent: { with: { attachments: true } } },
});
export const imported = db.query.class_.findMany({ with: { importRow: true, order: true } });

export const name: Database["folders"]["name"] = "a";
export const folder: tables.NewFoldersRow = { name: "a", slug: "a", kind: "b" };
export const position = (row: tables.FoldersRow): number => row.position;
export const json = (row: tables.EveryTypeRow): unknown => row.aJson;
export const words = (row: tables.EveryTypeRow): "red" | "it's" | "sky blue" => row.anEnum;
export const many: tables.EveryArrayRow["bigints"] = ["9007199254740993"];
export const bytes: pg.AttachmentsRow["content"] = new Uint8Array();
export const big: pg.AccountsRow["balance"] = 1n;

// @ts-expect-error the server writes the revision
export const revision: tables.NewFoldersRow = { name: "a", slug: "a", kind: "b", revision: "1" };
// @ts-expect-error a folder has a name
export const nameless: tables.NewFoldersRow = { slug: "a", kind: "b" };
// @ts-expect-error not a word of the enum
export const word: tables.NewEveryNullableRow = { anEnum: "green" };
// @ts-expect-error 64 bits are text on the device
export const rounded: tables.NewAccountsRow = { balance: 1 };
// @ts-expect-error a column that never leaves PostgreSQL
export const secret = tables.folders.secret;
// @ts-expect-error devices do not write what is public
export type NewArticle = tables.NewArticlesRow;
// @ts-expect-error null until it has synced
export const raw = (row: tables.EveryDefaultRow): string => row.aRaw;
"#;

#[test]
fn apps_can_use_it_and_cannot_misuse_it() {
    testkit::needs!(node);
    let package = Package::of(KITCHEN);
    fs::write(package.path("use.ts"), USE).expect("a file of ours");
    let output = compile(&package);
    assert_eq!(output.code, 0, "{output}");
}

#[test]
fn node_can_import_it_as_compiled_files() {
    testkit::needs!(node);
    let package = Package::of(&format!("{NOTES}\n[typescript]\nextensions = \"js\"\n"));
    let project = package.path("").display().to_string();
    let compiled = package.path("");
    let arguments = ["-p", &project, "--noEmit", "false"];
    testkit::node::run("node_modules/typescript/bin/tsc", arguments, "").expect(0);
    // Through the package's own exports, as an app that depends on it would.
    let script = "
        const { tables, createAppSchema } = await import('notes-schema');
        const { jwtOptions } = await import('notes-schema/auth');
        createAppSchema().validate();
        console.log(Object.keys(tables).length, jwtOptions().jwt.expirationTime);
    ";
    fs::write(package.path("app.mjs"), script).expect("a file of ours");
    let output = testkit::node::run_in(&compiled, package.path("app.mjs"), [""; 0], "").expect(0);
    assert_eq!(output.stdout, "14 15m\n");
}
