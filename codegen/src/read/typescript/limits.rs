//! A scan before parsing: the parser recurses on nesting, and a stack overflow cannot be caught.
//!
//! What is bounded is the number of tokens that can be open at once: brackets, and in each of
//! them the tokens since its last `,` or `;`, since prefix operators, arrows and conditionals nest
//! without any bracket. The scan knows strings, templates and comments. Where a `/` may be a
//! division or a regular expression it counts both ways, for the worse.

/// How many brackets may be open at once.
const MAX_BRACKETS: usize = 150;

/// How many tokens may be open at once.
const MAX_OPEN: usize = 6_000;

/// What a `<` counts for: the parser tries type arguments at each, and again within each.
const LESS_THAN: usize = 40;

/// Words that begin a statement and never stand inside of an expression.
const STATEMENTS: &[&str] = &["const", "export", "import", "return", "throw", "var"];

/// Is the text shallow enough to be parsed?
///
/// # Errors
/// The byte at which it is not.
pub(in crate::read) fn check(text: &str) -> Result<(), usize> {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        open: vec![0],
        templates: Vec::new(),
        total: 0,
        kept: 0,
        doubt: false,
        line_start: true,
    };
    if text.starts_with("#!") {
        scan.skip_line();
    }
    while scan.at < scan.bytes.len() {
        scan.token();
        if scan.open.len() > MAX_BRACKETS || scan.total + scan.kept > MAX_OPEN {
            return Err(scan.at.min(text.len()));
        }
    }
    Ok(())
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Tokens since the last `,` or `;`, for each open bracket.
    open: Vec<usize>,
    /// The number of open brackets at each `${`, to know the `}` that goes back into the template.
    templates: Vec<usize>,
    /// The sum of `open`.
    total: usize,
    /// Brackets that may or may not be in a regular expression: never taken off again.
    kept: usize,
    /// A bare `/` stood on this line.
    doubt: bool,
    /// Nothing but white space since the line began.
    line_start: bool,
}

impl Scan<'_> {
    fn token(&mut self) {
        let byte = self.bytes[self.at];
        let next = self.bytes.get(self.at + 1).copied();
        let line_start = std::mem::replace(&mut self.line_start, false);
        match byte {
            b'\n' => {
                (self.doubt, self.line_start) = (false, true);
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' => {
                self.line_start = line_start;
                self.at += 1;
            }
            b'/' if next == Some(b'/') => self.skip_line(),
            b'/' if next == Some(b'*') => self.skip_comment(),
            b'/' => {
                self.doubt = true;
                self.count(1);
                self.kept += 1;
                self.at += 1;
            }
            b'"' | b'\'' => self.string(byte),
            b'`' => {
                self.count(1);
                self.at += 1;
                self.template();
            }
            b'(' | b'[' | b'{' => {
                self.bracket();
                self.open.push(1);
                self.total += 1;
                self.at += 1;
            }
            b')' | b']' | b'}' => self.close(byte),
            b',' | b';' => {
                if let Some(level) = self.open.last_mut() {
                    self.total -= *level;
                    *level = 0;
                }
                self.at += 1;
            }
            b'<' => {
                self.count(LESS_THAN);
                self.at += 1;
            }
            _ if is_word(byte) => self.word(line_start),
            _ => {
                self.count(1);
                self.at += 1;
            }
        }
    }

    fn count(&mut self, tokens: usize) {
        if let Some(level) = self.open.last_mut() {
            *level += tokens;
            self.total += tokens;
        }
    }

    fn bracket(&mut self) {
        self.kept += usize::from(self.doubt);
    }

    fn close(&mut self, byte: u8) {
        self.bracket();
        self.at += 1;
        if self.open.len() > 1 {
            self.total -= self.open.pop().unwrap_or_default();
        }
        self.count(1);
        if byte == b'}' && self.templates.last() == Some(&self.open.len()) {
            self.templates.pop();
            self.template();
        }
    }

    fn word(&mut self, line_start: bool) {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&byte| is_word(byte)) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if line_start
            && STATEMENTS.iter().any(|it| it.as_bytes() == word)
            && let Some(level) = self.open.last_mut()
        {
            self.total -= *level;
            *level = 0;
        }
        self.count(1);
    }

    /// A string ends on its line; one that does not is no string, and is counted as code.
    fn string(&mut self, quote: u8) {
        self.count(1);
        self.at += 1;
        let mut end = self.at;
        while let Some(&byte) = self.bytes.get(end) {
            match byte {
                b'\\' => end += 2,
                b'\n' => return,
                _ if byte == quote => {
                    self.hidden(end.min(self.bytes.len()));
                    self.at = end + 1;
                    return;
                }
                _ => end += 1,
            }
        }
    }

    /// The text of a template, up to its end or the next `${`.
    fn template(&mut self) {
        let mut end = self.at;
        while let Some(&byte) = self.bytes.get(end) {
            match byte {
                b'\\' => end += 2,
                b'`' => {
                    self.hidden(end);
                    self.at = end + 1;
                    return;
                }
                b'$' if self.bytes.get(end + 1) == Some(&b'{') => {
                    self.hidden(end);
                    self.templates.push(self.open.len());
                    self.bracket();
                    self.open.push(1);
                    self.total += 1;
                    self.at = end + 2;
                    return;
                }
                _ => end += 1,
            }
        }
        self.hidden(self.bytes.len());
        self.at = self.bytes.len();
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or(rest.len());
        self.hidden(self.at + length);
        self.at += length;
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.windows(2).skip(2).position(|two| two == b"*/");
        let end = length.map_or(self.bytes.len(), |length| self.at + length + 4);
        self.hidden(end);
        self.at = end;
    }

    /// Text that is no code: after a bare `/` on the line it may be after all.
    fn hidden(&mut self, end: usize) {
        if self.doubt {
            let text = self.bytes.get(self.at..end).unwrap_or_default();
            self.kept += text
                .iter()
                .filter(|byte| byte.is_ascii_punctuation())
                .count();
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn long_files_of_shallow_code_pass() {
        let table =
            "export const t = pgTable(\"t\", { a: text(\"a\").notNull(), b: text(`(${x})`) });\n";
        assert_eq!(check(&table.repeat(10_000)), Ok(()));
        let no_semicolons = "const a = { b: [1, 2] }\n// it's (((\nconst c = `((((`\n";
        assert_eq!(check(&no_semicolons.repeat(10_000)), Ok(()));
    }

    #[test]
    fn deep_code_is_refused() {
        for unit in [
            "(",
            "[",
            "{",
            "!",
            "a=>",
            "x?y:",
            "-",
            "typeof ",
            "f(a,[",
            "`${",
            "a<",
            "if(x)",
            "while(1)/)}/.f(()=>{",
            "x/\"/)\"(",
            "\"(",
            "new ",
            "A extends ",
            "async x=>\n",
        ] {
            assert!(check(&unit.repeat(20_000)).is_err(), "{unit}");
        }
    }

    #[test]
    fn broken_endings_are_no_problem() {
        for text in ["\"", "`", "`${", "/*", "//", "'\\", "`\\", "#!", "\u{e9}"] {
            let _ = check(text);
        }
    }
}
