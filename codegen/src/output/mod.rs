//! The output folder: writes a set of files into it, or says how it differs from them.
//!
//! In: the files as they should be, and the folder. Out: a [`Plan`], which the command line
//! applies (`generate`) or reports (`generate --check`).

mod apply;
mod cache;
mod manifest;
mod plan;
mod unified;

pub use apply::apply;
pub use cache::{Cache, output_hint};
pub(crate) use manifest::sha256;
pub use manifest::{MANIFEST, Manifest};
pub use plan::{Change, Plan, plan};
pub use unified::{unified, unified_file};

use crate::files::FileSet;
use crate::targets::BANNER;

/// The pseudo target of the files about the output itself.
const OUTPUT: &str = "output";

/// Where the last run left its notes, below the output folder; ignored by git.
const CACHE: &str = ".cache.json";

/// What tools put beside the generated files, and what users copy there: neither ours nor stray.
const TOLERATED: &[&str] = &[
    CACHE,
    ".env",
    "compose.override.yaml",
    "node_modules",
    "target",
    "Cargo.lock",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    ".DS_Store",
];

/// The prefix of the folder that a run fills before it moves the files into place.
const STAGING: &str = ".syncline-staging-";

/// Adds the files about the output: what git ignores in it and how, and the manifest of a run
/// over all targets.
pub fn complete(files: &mut FileSet) {
    let ignored = format!("# {BANNER}\n\n/{CACHE}\n/{STAGING}*\n.env\nnode_modules/\ntarget/\n");
    files.add(".gitignore", OUTPUT, ignored);
    files.add(
        ".gitattributes",
        OUTPUT,
        format!("# {BANNER}\n\n* text eol=lf linguist-generated\n"),
    );
}

/// Does a file of this text say that it is ours, in one of its first lines?
fn has_banner(text: &str) -> bool {
    text.lines()
        .take(3)
        .any(|line| line.contains("Made by Syncline from "))
}
