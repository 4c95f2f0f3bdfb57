//! Tables of files that were not given, which those that were export.

use super::Tables;
use crate::read::typescript::module::{Binding, Export};

/// How many files may export from each other in a row.
const MAX_EXPORTS: usize = 50;

impl Tables<'_> {
    /// All that a file gives on by `export *`.
    pub(super) fn stars(&mut self, at: usize) {
        let program = self.program;
        for other in program.behind_stars(at) {
            let Some(module) = program.modules.get(other) else {
                continue;
            };
            // In the order of the file, as far as they are constants of it.
            let declared = module.declared.iter();
            let declared: Vec<_> = declared
                .filter(|it| module.exports.contains_key(*it))
                .collect();
            let mut others: Vec<_> = module
                .exports
                .keys()
                .filter(|it| !declared.contains(it))
                .collect();
            others.sort_unstable();
            for name in declared.into_iter().chain(others) {
                self.export(other, name, 0);
            }
        }
    }

    /// What a file exports under a name, where it stands in a file that was not given.
    pub(super) fn export(&mut self, at: usize, name: &str, depth: usize) {
        let program = self.program;
        let Some(module) = program.modules.get(at).filter(|_| depth < MAX_EXPORTS) else {
            return;
        };
        let (source, name) = match module.exports.get(name) {
            Some(Export::Local(local)) => match module.names.get_key_value(local) {
                Some((local, Binding::Constant(value))) => {
                    if !module.given && self.walked.insert((at, local.as_str())) {
                        self.walk(at, value, false);
                    }
                    return;
                }
                Some((_, Binding::Import { source, name })) => (source, name),
                _ => return,
            },
            Some(Export::From { source, name }) => (source, name),
            None => return,
        };
        let other = program.import(at, source);
        if let Some(exporter) = other.and_then(|it| program.exporter(it, name)) {
            self.export(exporter, name, depth + 1);
        }
    }
}
