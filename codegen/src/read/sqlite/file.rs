//! A SQLite database file: the rows of `sqlite_schema`, in its documented format, and no more.
//!
//! A database engine for five columns of one table would be the largest dependency of the
//! compiler, and want a C compiler. In: bytes that may be anything. Out: rows, or why not.

/// The largest file, in bytes. Only the catalog is read of it, but it is held in memory.
pub const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// How many bytes of catalog are read: those of some 10,000 tables.
const MAX_CATALOG: usize = 16 * 1024 * 1024;

/// How deep a table's pages may go; SQLite itself stays below 20.
const MAX_DEPTH: usize = 30;

const MAGIC: &[u8] = b"SQLite format 3\0";

/// One row of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// `table`, `view`, `index` or `trigger`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) sql: String,
}

/// Reads the catalog.
///
/// # Errors
/// What the file is instead, or where it ends too early.
pub(super) fn catalog(bytes: &[u8]) -> Result<Vec<Object>, String> {
    if bytes.is_empty() {
        return Err("it is empty".to_owned());
    }
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err("it is no SQLite database, or an encrypted one".to_owned());
    };
    if rest.len() < 100 - MAGIC.len() {
        return Err("it is cut off in its header".to_owned());
    }
    let size = match u16_at(bytes, 16).unwrap_or_default() {
        1 => 65_536,
        size @ 512..=32_768 if size.is_power_of_two() => usize::from(size),
        size => return Err(format!("its header gives pages of {size} bytes")),
    };
    let reserved = usize::from(bytes[20]);
    let file = File {
        bytes,
        size,
        usable: size - reserved.min(size - 480),
        encoding: bytes[59],
    };
    let mut rows = Rows {
        file,
        objects: Vec::new(),
        read: 0,
        pages: 0,
    };
    rows.page(1, 0)?;
    Ok(rows.objects)
}

struct File<'a> {
    bytes: &'a [u8],
    size: usize,
    /// The bytes of a page that hold something of SQLite's.
    usable: usize,
    /// 1 UTF-8, 2 UTF-16 little-endian, 3 big-endian.
    encoding: u8,
}

impl<'a> File<'a> {
    fn page(&self, number: u32) -> Result<&'a [u8], String> {
        let at = usize::try_from(number)
            .ok()
            .and_then(|it| it.checked_sub(1)?.checked_mul(self.size))
            .ok_or_else(|| damaged(number))?;
        let end = at.checked_add(self.size).ok_or_else(|| damaged(number))?;
        self.bytes
            .get(at..end)
            .ok_or_else(|| format!("it is cut off: page {number} of its catalog is missing"))
    }

    fn text(&self, bytes: &[u8]) -> String {
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair.get(1).copied().unwrap_or_default()];
            if self.encoding == 3 {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        };
        if matches!(self.encoding, 2 | 3) {
            let units: Vec<u16> = bytes.chunks(2).map(unit).collect();
            String::from_utf16_lossy(&units)
        } else {
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

fn damaged(page: u32) -> String {
    format!("it is damaged: page {page} of its catalog makes no sense")
}

struct Rows<'a> {
    file: File<'a>,
    objects: Vec<Object>,
    read: usize,
    pages: usize,
}

impl Rows<'_> {
    /// A page of the table's tree, and those below it.
    fn page(&mut self, number: u32, depth: usize) -> Result<(), String> {
        self.pages += 1;
        // A page that is its own child would be read for ever.
        if depth > MAX_DEPTH || self.pages > self.file.bytes.len() / self.file.size + 1 {
            return Err(damaged(number));
        }
        let page = self.file.page(number)?;
        let head = if number == 1 { 100 } else { 0 };
        let bad = || damaged(number);
        let kind = *page.get(head).ok_or_else(bad)?;
        let cells = usize::from(u16_at(page, head + 3).ok_or_else(bad)?);
        let pointers = match kind {
            0x0d => head + 8,
            0x05 => head + 12,
            _ => return Err(bad()),
        };
        for cell in 0..cells {
            let at = usize::from(u16_at(page, pointers + 2 * cell).ok_or_else(bad)?);
            if kind == 0x05 {
                let child = u32_at(page, at).ok_or_else(bad)?;
                self.page(child, depth + 1)?;
            } else {
                self.cell(page, at, number)?;
            }
        }
        if kind == 0x05 {
            let last = u32_at(page, head + 8).ok_or_else(bad)?;
            self.page(last, depth + 1)?;
        }
        Ok(())
    }

    fn cell(&mut self, page: &[u8], at: usize, number: u32) -> Result<(), String> {
        let bad = || damaged(number);
        let (length, at) = varint(page, at).ok_or_else(bad)?;
        let (_rowid, at) = varint(page, at).ok_or_else(bad)?;
        let length = usize::try_from(length).map_err(|_| bad())?;
        self.read = self.read.saturating_add(length);
        if self.read > MAX_CATALOG {
            return Err(format!(
                "its catalog has more than {} MiB",
                MAX_CATALOG >> 20
            ));
        }
        let usable = self.file.usable;
        let most = usable - 35;
        let local = if length <= most {
            length
        } else {
            let least = (usable - 12) * 32 / 255 - 23;
            let fits = least + (length - least) % (usable - 4);
            if fits <= most { fits } else { least }
        };
        let mut payload = page.get(at..at + local).ok_or_else(bad)?.to_vec();
        let mut next = if local < length {
            u32_at(page, at + local).ok_or_else(bad)?
        } else {
            0
        };
        while payload.len() < length {
            let page = self.file.page(next)?;
            let wanted = (length - payload.len()).min(usable - 4);
            payload.extend(page.get(4..4 + wanted).ok_or_else(bad)?);
            next = u32_at(page, 0).ok_or_else(bad)?;
        }
        let object = self.record(&payload).ok_or_else(bad)?;
        self.objects.push(object);
        Ok(())
    }

    /// type, name, tbl_name, rootpage, sql.
    fn record(&self, payload: &[u8]) -> Option<Object> {
        let (header, mut at) = varint(payload, 0)?;
        let mut body = usize::try_from(header).ok()?;
        let mut texts = Vec::new();
        for _ in 0..5 {
            let (kind, next) = varint(payload, at)?;
            at = next;
            let size = match kind {
                0 | 8 | 9 => 0,
                1..=4 => usize::try_from(kind).ok()?,
                5 => 6,
                6 | 7 => 8,
                12.. => usize::try_from((kind - 12) / 2).ok()?,
                _ => return None,
            };
            let value = payload.get(body..body.checked_add(size)?)?;
            body += size;
            texts.push(if kind >= 13 && kind % 2 == 1 {
                self.file.text(value)
            } else {
                String::new()
            });
        }
        let sql = texts.pop()?;
        let mut texts = texts.into_iter();
        Some(Object {
            kind: texts.next()?,
            name: texts.next()?,
            sql,
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(pair.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// A number of one to nine bytes, and where the next thing begins.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for step in 0..9 {
        let byte = *bytes.get(at.checked_add(step)?)?;
        if step == 8 {
            return Some((value << 8 | u64::from(byte), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + step + 1));
        }
    }
    None
}
