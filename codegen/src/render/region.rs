//! Where a place begins and ends, as other programs count it.

use std::path::Path;

use syncline_schema::{Place, Sources};

/// What one column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// A character.
    Characters,
    /// A UTF-16 code unit, as SARIF and editors count.
    Utf16,
}

/// A place: lines and columns from 1, the end behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region<'a> {
    pub(super) path: &'a Path,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

/// The region of a place; none for what stands in no file.
pub(super) fn region(sources: &Sources, place: Place, columns: Columns) -> Option<Region<'_>> {
    let (file, range) = (place.file()?, place.range()?);
    let start = Place::new(file, range.start..range.start);
    let end = Place::new(file, range.end..range.end);
    let text = &sources.get(file).filter(|it| !it.made)?.text;
    let from = sources.locate(start)?;
    let to = sources.locate(end)?;
    let column = |at: usize, characters: usize| match columns {
        Columns::Characters => characters,
        Columns::Utf16 => utf16_column(text, at),
    };
    Some(Region {
        path: from.path,
        line: from.line,
        column: column(range.start, from.column),
        end_line: to.line,
        end_column: column(range.end, to.column),
    })
}

fn utf16_column(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at].encode_utf16().count() + 1
}

/// A path as others name it, with `/`.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
