//! Where things stand in the source: files, byte ranges, and the way from a byte to a line.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The index of a file in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct FileId(pub u32);

/// A byte range in a source file, or nowhere for what no source spells out (an injected column).
///
/// Two places are always equal: where a thing was written does not make it another thing, so
/// that `Schema == Schema` compares meaning.
#[derive(Clone, Copy, Default)]
pub struct Place(Option<(FileId, u32, u32)>);

impl Place {
    /// For what stands in no source.
    pub const NOWHERE: Self = Self(None);

    /// The bytes `range` of `file`.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self(Some((file, cut(range.start), cut(range.end))))
    }

    /// The file, if there is one.
    pub fn file(self) -> Option<FileId> {
        self.0.map(|(file, _, _)| file)
    }

    /// The byte range in [`Self::file`].
    pub fn range(self) -> Option<std::ops::Range<usize>> {
        self.0.map(|(_, start, end)| start as usize..end as usize)
    }

    /// This place, or `other` where this is nowhere.
    pub fn or(self, other: Self) -> Self {
        if self.0.is_some() { self } else { other }
    }

    /// The key that sorts diagnostics in reading order; nowhere comes last.
    pub fn order(self) -> (u32, u32, u32) {
        self.0
            .map_or((u32::MAX, 0, 0), |(file, start, end)| (file.0, start, end))
    }
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((file, start, end)) => write!(f, "{}:{start}..{end}", file.0),
            None => f.write_str("nowhere"),
        }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// One source file, as text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as it is shown to the user: relative to the folder of the run, with `/`.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// Is it no file, but a text that was made of something else?
    pub made: bool,
    /// Where its lines begin, found when first asked for: a run may locate thousands of places.
    lines: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// The number of the line that holds the byte `at`, from 0, and where that line begins.
    fn line_of(&self, at: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(end, _)| end + 1);
            std::iter::once(0).chain(ends).collect()
        });
        let line = lines.partition_point(|start| *start <= at).max(1) - 1;
        (line, lines.get(line).copied().unwrap_or(0))
    }
}

/// Every file that was read, so that a [`Place`] can be drawn.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and gives its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        self.push(path.into(), text.into(), false)
    }

    /// Adds a text that stands in no file, under a name.
    pub fn add_made(&mut self, name: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        self.push(name.into(), text.into(), true)
    }

    fn push(&mut self, path: PathBuf, text: Arc<str>, made: bool) -> FileId {
        self.files.push(SourceFile {
            path,
            text,
            made,
            lines: OnceLock::new(),
        });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file, if the id came from these sources.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The files in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The id of the file read from `path`.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        let found = self.files.iter().position(|file| file.path == path)?;
        Some(FileId(u32::try_from(found).unwrap_or(u32::MAX)))
    }

    /// Path, line and column (both from 1, columns in characters) of the start of a place.
    pub fn locate(&self, place: Place) -> Option<Location<'_>> {
        let file = self.get(place.file()?)?;
        let mut start = place.range()?.start.min(file.text.len());
        while !file.text.is_char_boundary(start) {
            start -= 1;
        }
        let (line, line_start) = file.line_of(start);
        Some(Location {
            path: &file.path,
            line: line + 1,
            column: file.text[line_start..start].chars().count() + 1,
        })
    }
}

/// A place as people and editors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// The file as it is shown.
    pub path: &'a Path,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}
