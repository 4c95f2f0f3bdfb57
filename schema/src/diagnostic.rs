//! What Syncline has to say about the user's files. Collected, never thrown: one run reports all.

use crate::codes::Code;
use crate::place::Place;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Note,
    /// Probably wrong; fails a run under `--deny warnings`.
    Warning,
    /// Wrong; nothing is written.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding: what, where, why it matters, how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule; `syncline explain CODE` tells more.
    pub code: Code,
    /// The rule's severity.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// How to mend it.
    pub help: Vec<String>,
    /// The table that it is about, where it is about one: reports are grouped by it.
    pub about: Option<Box<str>>,
}

/// A place and what there is to see.
#[derive(Clone, Debug)]
pub struct Label {
    /// The bytes to underline.
    pub place: Place,
    /// What to say beside them; may be empty.
    pub text: String,
}

// Unlike two columns, two labels at different places are different.
impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.place.order() == other.place.order() && self.text == other.text
    }
}

impl Eq for Label {}

impl Diagnostic {
    /// A finding of the rule `code`, with the rule's severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: shown(message.into(), false),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            about: None,
        }
    }

    /// Points at a place; the first call names the main one.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            text: shown(text.into(), false),
        });
        self
    }

    /// Says why it matters.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(shown(text.into(), true));
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(shown(text.into(), true));
        self
    }

    /// [`Self::help`], where there is something to say.
    #[must_use]
    pub fn help_opt(mut self, text: Option<String>) -> Self {
        self.help.extend(text.map(|text| shown(text, true)));
        self
    }

    /// The main place.
    pub fn place(&self) -> Place {
        self.labels
            .first()
            .map_or(Place::NOWHERE, |label| label.place)
    }
}

/// All findings of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another run.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(others);
    }

    /// In reading order; the same finding at the same place stays once.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            (a.place().order(), a.code, &a.message).cmp(&(b.place().order(), b.code, &b.message))
        });
        self.list.dedup();
    }

    /// Each finding.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Keeps those that `keep` says yes to.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// Is there nothing to say?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many findings of this severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|d| d.severity == severity).count()
    }

    /// Is there an error, so that nothing may be written?
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self { list: vec![one] }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// The longest text of a diagnostic, in bytes: a name may be as long as the file.
const MAX_SHOWN: usize = 2_000;

/// What is shown of a text that may hold the user's words: escape codes do not reach a terminal,
/// and a name of megabytes does not fill it.
fn shown(text: String, lines: bool) -> String {
    let quiet = |c: char| !c.is_control() || (lines && c == '\n');
    if text.len() <= MAX_SHOWN && text.chars().all(quiet) {
        return text;
    }
    let mut out = String::with_capacity(text.len().min(MAX_SHOWN) + 4);
    for c in text.chars() {
        if out.len() > MAX_SHOWN {
            out.push('…');
            break;
        }
        if quiet(c) {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    out
}

/// The longest name that anyone mistypes, in characters. Comparing takes the product of lengths.
const MAX_TYPED: usize = 100;

/// "did you mean `x`?", where one of `known` is close enough to `found` to be meant.
pub fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(found, known).map(|name| format!("did you mean `{name}`?"))
}

/// The name of `known` that is closest to `found`, where one is close enough to be meant.
pub fn closest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    let length = lower.chars().count();
    if length > MAX_TYPED {
        return None;
    }
    let letters = letters(&lower);
    let near = |name: &'a str| {
        let known = name.to_lowercase();
        let known_length = known.chars().count();
        let most = 1.max(known_length.min(9) / 3);
        // Each edit changes the length by one at most, and the set of letters by two.
        let far = known_length.abs_diff(length) > most
            || (self::letters(&known) ^ letters).count_ones() as usize > 2 * most;
        if far {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&lower, &known);
        (distance <= most).then_some((distance, name))
    };
    known
        .into_iter()
        .filter_map(near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Which characters a text has, as a set.
fn letters(text: &str) -> u64 {
    text.chars()
        .fold(0, |set, c| set | 1 << (u32::from(c) & 63))
}
