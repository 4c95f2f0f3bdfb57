//! Cuts a body into ops and what stands around them, byte by byte.
//!
//! No op is kept here: each is handed on at its last byte. What stands around the ops is the
//! envelope, which has an empty array wherever ops stood, so that it stays small and any JSON
//! reader can take it.

/// The names under which connectors send the ops of a transaction.
const OPS: &[&[u8]] = &[b"ops", b"crud", b"operations", b"entries", b"batch"];

/// What a splitter hands on.
pub(super) trait Sink {
    /// An op's text is complete. `list` counts the arrays of ops, from 0.
    fn op(&mut self, list: usize, text: &[u8]) -> Result<(), SplitError>;
}

/// Why a body cannot be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SplitError {
    /// Brackets, strings or commas that no JSON has.
    Malformed,
    /// More brackets inside each other than an upload needs.
    TooDeep,
    /// More ops than a request may have.
    TooManyOps,
    /// More around the ops than a request needs.
    EnvelopeTooLong,
}

/// The deepest nesting of brackets around the ops. Inside an op it is the value's own affair: one
/// that is too deep is refused, and its request goes on.
const MAX_DEPTH: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Object,
    Array,
    /// An array of ops.
    Ops,
}

/// What may follow inside an array of ops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    OpOrEnd,
    Op,
    CommaOrEnd,
}

/// The state between two chunks.
#[derive(Debug)]
pub(super) struct Splitter {
    levels: Vec<Level>,
    in_string: bool,
    escaped: bool,
    /// The depth of the op that is open, where one is.
    op_depth: Option<usize>,
    op: Vec<u8>,
    envelope: Vec<u8>,
    max_envelope: usize,
    /// Where in the envelope the last string began and ended, without quotes.
    string: (usize, usize),
    expect: Expect,
    lists: usize,
    /// Is the array at the top's member the list of transactions?
    in_transactions: bool,
}

impl Splitter {
    /// `max_envelope` bytes may stand around the ops.
    pub(super) fn new(max_envelope: usize) -> Self {
        Self {
            levels: Vec::with_capacity(16),
            in_string: false,
            escaped: false,
            op_depth: None,
            op: Vec::new(),
            envelope: Vec::new(),
            max_envelope,
            string: (0, 0),
            expect: Expect::OpOrEnd,
            lists: 0,
            in_transactions: false,
        }
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), SplitError> {
        // What of the chunk belongs to the op that is open begins here.
        let mut from = 0;
        for (at, &byte) in chunk.iter().enumerate() {
            if self.op_depth.is_some() {
                if self.inside_op(byte)? {
                    self.op.extend_from_slice(&chunk[from..=at]);
                    sink.op(self.lists - 1, &self.op)?;
                    self.op.clear();
                }
            } else if self.around(byte)? {
                from = at;
            }
        }
        if self.op_depth.is_some() {
            self.op.extend_from_slice(&chunk[from..]);
        }
        Ok(())
    }

    /// What stood around the ops, once all is fed.
    pub(super) fn finish(self) -> Result<Vec<u8>, SplitError> {
        let whole = self.levels.is_empty() && !self.in_string && !self.envelope.is_empty();
        whole.then_some(self.envelope).ok_or(SplitError::Malformed)
    }

    /// The next byte of an op; true at its last one.
    fn inside_op(&mut self, byte: u8) -> Result<bool, SplitError> {
        if self.in_string {
            self.string_byte(byte);
            return Ok(false);
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' => self.levels.push(Level::Object),
            b'[' => self.levels.push(Level::Array),
            b'}' => self.close(Level::Object)?,
            b']' => self.close(Level::Array)?,
            _ => {}
        }
        let ends = self.op_depth == Some(self.levels.len());
        if ends {
            self.op_depth = None;
            self.expect = Expect::CommaOrEnd;
        }
        Ok(ends)
    }

    /// The next byte of the envelope; true where it is the first of an op.
    fn around(&mut self, byte: u8) -> Result<bool, SplitError> {
        if self.levels.last() == Some(&Level::Ops) && !self.in_string {
            return self.between_ops(byte);
        }
        if self.envelope.len() >= self.max_envelope {
            return Err(SplitError::EnvelopeTooLong);
        }
        self.envelope.push(byte);
        if self.in_string {
            self.string_byte(byte);
            if !self.in_string {
                self.string.1 = self.envelope.len() - 1;
            }
            return Ok(false);
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.string = (self.envelope.len(), self.envelope.len());
            }
            b'{' => self.open(Level::Object)?,
            b'[' => {
                let level = if self.holds_ops() {
                    Level::Ops
                } else {
                    Level::Array
                };
                if self.levels.as_slice() == [Level::Object] {
                    self.in_transactions = self.name() == Some(b"transactions");
                }
                self.open(level)?;
                if level == Level::Ops {
                    self.lists += 1;
                    self.expect = Expect::OpOrEnd;
                }
            }
            b'}' => self.close(Level::Object)?,
            b']' => self.close(Level::Array)?,
            _ => {}
        }
        Ok(false)
    }

    fn between_ops(&mut self, byte: u8) -> Result<bool, SplitError> {
        match (byte, self.expect) {
            (b' ' | b'\t' | b'\n' | b'\r', _) => Ok(false),
            (b',', Expect::CommaOrEnd) => {
                self.expect = Expect::Op;
                Ok(false)
            }
            (b']', Expect::OpOrEnd | Expect::CommaOrEnd) => {
                self.levels.pop();
                self.envelope.push(byte);
                Ok(false)
            }
            (b'{', Expect::OpOrEnd | Expect::Op) => {
                self.op_depth = Some(self.levels.len());
                self.open(Level::Object)?;
                Ok(true)
            }
            _ => Err(SplitError::Malformed),
        }
    }

    /// Does the array that opens here hold ops? It does at the top, below one of their names at
    /// the top, and below one of their names in an element of the top's list of transactions.
    fn holds_ops(&self) -> bool {
        let named = || self.name().is_some_and(|name| OPS.contains(&name));
        match self.levels.as_slice() {
            [] => true,
            [Level::Object] => named(),
            [Level::Object, Level::Array, Level::Object] => self.in_transactions && named(),
            _ => false,
        }
    }

    /// The last string, which is the name of what opens after it.
    fn name(&self) -> Option<&[u8]> {
        self.envelope.get(self.string.0..self.string.1)
    }

    fn string_byte(&mut self, byte: u8) {
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
        }
    }

    fn open(&mut self, level: Level) -> Result<(), SplitError> {
        if self.levels.len() >= MAX_DEPTH {
            return Err(SplitError::TooDeep);
        }
        self.levels.push(level);
        Ok(())
    }

    fn close(&mut self, level: Level) -> Result<(), SplitError> {
        match self.levels.pop() {
            Some(open) if open == level => Ok(()),
            _ => Err(SplitError::Malformed),
        }
    }
}

#[cfg(test)]
mod tests;
