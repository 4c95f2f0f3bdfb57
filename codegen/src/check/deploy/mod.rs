//! What runs the sync service, against whoever signs tokens and the other subjects: its configuration, the
//! compose file, the sync configs that are compared in the same run.

mod compose;
mod service;
mod tokens;

use std::path::{Path, PathBuf};

use syncline_schema::{Schema, Sources};

use super::finding::Findings;
use super::signing::Signing;
use super::{Subject, SubjectKind};
use crate::read::deploy::{self, Tree};
use crate::read::text;

/// Everything that is compared.
struct Deployment<'a> {
    /// Who signs the tokens that it takes.
    signing: &'a Signing,
    schema: &'a Schema,
    services: Vec<Tree>,
    composes: Vec<Tree>,
    /// The sync configs of the same run.
    sync_configs: &'a [PathBuf],
}

/// Compares the files of a deployment.
pub(super) fn check(
    schema: &Schema,
    signing: &Signing,
    sources: &mut Sources,
    subjects: &[Subject],
    sync_configs: &[PathBuf],
    findings: &mut Findings,
) {
    let mut all = Deployment {
        signing,
        schema,
        services: Vec::new(),
        composes: Vec::new(),
        sync_configs,
    };
    for subject in subjects {
        let source = match text::add(sources, &subject.path, &subject.bytes) {
            Ok(source) => source,
            Err(problem) => {
                findings.plain(problem);
                continue;
            }
        };
        if subject.kind == SubjectKind::Service {
            match deploy::service(&source) {
                Ok((tree, found)) => {
                    found.into_iter().for_each(|it| findings.plain(it));
                    all.services.push(tree);
                }
                Err(problem) => findings.plain(problem),
            }
        } else {
            match deploy::compose(&source) {
                Ok(tree) => all.composes.push(tree),
                Err(problem) => findings.plain(problem),
            }
        }
    }
    for tree in &all.services {
        service::check(&all, tree, findings);
        tokens::check(&all, tree, findings);
    }
    for tree in &all.composes {
        compose::check(&all, tree, findings);
    }
}

/// A path beside a file, without `.` and `..`.
fn beside(file: &str, path: &str) -> PathBuf {
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    plain(&folder.join(path))
}

fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
