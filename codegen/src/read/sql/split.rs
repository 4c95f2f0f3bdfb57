//! A script into statements, without judging them: one that is broken hides no other.

use std::ops::Range;

use syncline_schema::FileId;

use super::token::{Kind, Lexer, Token};

/// The largest script, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The most statements of a script.
pub const MAX_STATEMENTS: usize = 200_000;

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The script, for places.
    pub file: FileId,
    /// Its bytes in the script, from its first token to its last, without the `;`.
    pub range: Range<usize>,
    /// Its text.
    pub sql: &'a str,
    /// What it is, as far as splitting has to know.
    pub kind: StatementKind,
}

/// What a statement is, as far as splitting has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// SQL.
    Sql,
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`.
    Commit,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// A line of psql's own: `\connect`, `\restrict`.
    Psql,
    /// The rest of the script is not read: it is too long, or has too many statements.
    TooMuch,
}

/// The statements of a script, in order.
pub fn statements(text: &str, file: FileId) -> Vec<Statement<'_>> {
    let mut splitter = Splitter {
        text,
        file,
        lexer: Lexer::new(text),
        open: Open::default(),
        out: Vec::new(),
    };
    if text.len() > MAX_BYTES {
        splitter.too_much(0);
    } else {
        splitter.run();
    }
    splitter.out
}

struct Splitter<'a> {
    text: &'a str,
    file: FileId,
    lexer: Lexer<'a>,
    open: Open,
    out: Vec<Statement<'a>>,
}

/// The statement that is being read.
#[derive(Default)]
struct Open {
    /// From its first token to its last so far.
    range: Option<Range<usize>>,
    /// The first words, in lower case: they decide what a `;` means.
    words: Vec<String>,
    /// How deep `BEGIN ATOMIC … END` and `CASE … END` nest in a function's body.
    bodies: usize,
    /// How deep parentheses nest.
    parens: usize,
}

impl Open {
    fn begins(&self, words: &[&str]) -> bool {
        self.words.len() >= words.len() && self.words.iter().zip(words).all(|(a, b)| a == b)
    }

    /// `CREATE [OR REPLACE] <what>`
    fn creates(&self, what: &[&str]) -> bool {
        let after = if self.begins(&["create", "or", "replace"]) {
            3
        } else {
            1
        };
        self.begins(&["create"])
            && self
                .words
                .get(after)
                .is_some_and(|it| what.contains(&it.as_str()))
    }

    /// Does a `;` stand inside?
    fn holds_semicolon(&self) -> bool {
        self.bodies > 0 || (self.parens > 0 && self.creates(&["rule"]))
    }

    /// `COPY … FROM STDIN`, which data follow.
    fn is_copy(&self) -> bool {
        self.begins(&["copy"])
            && self
                .words
                .windows(2)
                .any(|pair| pair[0] == "from" && pair[1] == "stdin")
    }
}

/// How many of a statement's words are kept.
const FIRST_WORDS: usize = 64;

impl<'a> Splitter<'a> {
    fn run(&mut self) {
        while let Some(token) = self.lexer.next() {
            if self.out.len() >= MAX_STATEMENTS {
                self.open = Open::default();
                self.too_much(token.start);
                return;
            }
            self.take(token);
        }
        self.close();
    }

    fn too_much(&mut self, from: usize) {
        self.push(from..self.text.len(), StatementKind::TooMuch);
    }

    fn take(&mut self, token: Token) {
        let text = token.of(self.text);
        match token.kind {
            // What drizzle-kit puts between statements, which then may lack their `;`.
            Kind::Comment if text.starts_with("--> statement-breakpoint") => self.close(),
            Kind::Comment => {}
            Kind::Backslash if self.open.range.is_none() => {
                self.push(token.start..token.end, StatementKind::Psql);
            }
            Kind::Mark if text == ";" && !self.open.holds_semicolon() => {
                let copies = self.open.is_copy();
                self.close();
                if copies {
                    self.skip_data(token.end);
                }
            }
            _ => self.add(token, text),
        }
    }

    fn add(&mut self, token: Token, text: &str) {
        let open = &mut self.open;
        open.range = Some(match open.range.take() {
            Some(range) => range.start..token.end,
            None => token.start..token.end,
        });
        match (token.kind, text) {
            (Kind::Mark, "(") => open.parens += 1,
            (Kind::Mark, ")") => open.parens = open.parens.saturating_sub(1),
            (Kind::Word, _) if open.words.len() < FIRST_WORDS => {
                open.words.push(text.to_ascii_lowercase());
            }
            _ => {}
        }
        if token.kind == Kind::Word && open.creates(&["function", "procedure"]) {
            let is = |word: &str| text.eq_ignore_ascii_case(word);
            if is("atomic") || (open.bodies > 0 && is("case")) {
                open.bodies += 1;
            } else if is("end") {
                open.bodies = open.bodies.saturating_sub(1);
            }
        }
    }

    /// Leaves out the lines of data behind a `COPY … FROM STDIN;`, up to `\.`
    fn skip_data(&mut self, from: usize) {
        let mut at = from;
        for line in self.text[from..].split_inclusive('\n') {
            at += line.len();
            if line.trim_end() == "\\." {
                break;
            }
        }
        self.lexer.jump(at);
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        let Some(range) = open.range.clone() else {
            return;
        };
        let kind = match open.words.first().map(String::as_str) {
            Some("begin") => StatementKind::Begin,
            Some("start") if open.begins(&["start", "transaction"]) => StatementKind::Begin,
            Some("commit" | "end") => StatementKind::Commit,
            Some("rollback" | "abort") if !open.words.iter().any(|it| it == "to") => {
                StatementKind::Rollback
            }
            _ => StatementKind::Sql,
        };
        self.push(range, kind);
    }

    fn push(&mut self, range: Range<usize>, kind: StatementKind) {
        self.out.push(Statement {
            file: self.file,
            sql: &self.text[range.clone()],
            range,
            kind,
        });
    }
}
