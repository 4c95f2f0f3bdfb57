//! What a SQL file says to Syncline: comment lines that begin with `-- syncline:`.

use syncline_schema::{Code, Diagnostic, Diagnostics, FileId, Place, diagnostic::did_you_mean};

/// A hazard that somebody looked at: `-- syncline:allow <hazard> <reason>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The hazard's name, such as `deletes-data`.
    pub hazard: String,
    /// Why it is sound here.
    pub reason: String,
    /// The line.
    pub place: Place,
}

/// What the directives of one file say.
#[derive(Debug, Default)]
pub(super) struct Directives {
    /// `-- syncline:no-transaction`.
    pub(super) no_transaction: bool,
    /// `-- syncline:repeatable`: each statement may run twice.
    pub(super) repeatable: bool,
    /// `-- syncline:irreversible <reason>`, of a down file.
    pub(super) irreversible: Option<String>,
    /// `-- syncline:allow <hazard> <reason>`, anywhere.
    pub(super) allows: Vec<Allow>,
}

/// What begins a directive behind `--`.
const MARK: &str = "syncline:";

/// Every directive: its word, and how it is written.
const WORDS: [(&str, &str); 4] = [
    ("no-transaction", "-- syncline:no-transaction"),
    ("repeatable", "-- syncline:repeatable"),
    ("allow", "-- syncline:allow <hazard> <reason>"),
    ("irreversible", "-- syncline:irreversible <reason>"),
];

/// Reads the directives of a file. `down` is it the file that undoes?
pub(super) fn read(text: &str, file: FileId, down: bool, out: &mut Diagnostics) -> Directives {
    let mut directives = Directives::default();
    let mut head = true;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let comment = trimmed.strip_prefix("--");
        head &= comment.is_some() || trimmed.is_empty();
        if let Some(directive) = comment.and_then(|it| it.trim_start().strip_prefix(MARK)) {
            let from = start + (line.len() - line.trim_start().len());
            let place = Place::new(file, from..from + trimmed.len());
            let (word, rest) = directive
                .split_once(char::is_whitespace)
                .unwrap_or((directive, ""));
            if let Err(why) = directives.take(word, rest.trim(), head, down, place) {
                out.push(wrong(word, &why, place));
            }
        }
        start += line.len();
    }
    directives
}

impl Directives {
    fn take(
        &mut self,
        word: &str,
        rest: &str,
        head: bool,
        down: bool,
        place: Place,
    ) -> Result<(), String> {
        match word {
            "no-transaction" | "repeatable" if down => {
                return Err("a down file always runs in one transaction".to_owned());
            }
            "no-transaction" | "repeatable" if !head => {
                return Err("it stands behind the first statement: move it to the top".to_owned());
            }
            "no-transaction" | "repeatable" if !rest.is_empty() => {
                return Err(format!("nothing may follow it, and `{rest}` does"));
            }
            "no-transaction" => self.no_transaction = true,
            "repeatable" => self.repeatable = true,
            "irreversible" if !down => {
                return Err(format!("it belongs into {}", super::DOWN));
            }
            "irreversible" if rest.is_empty() => return Err("it gives no reason".to_owned()),
            "irreversible" => self.irreversible = Some(rest.to_owned()),
            "allow" => {
                let (hazard, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                if hazard.is_empty() {
                    return Err("it names no hazard".to_owned());
                }
                if reason.trim().is_empty() {
                    return Err(format!("it gives no reason why `{hazard}` is sound here"));
                }
                self.allows.push(Allow {
                    hazard: hazard.to_owned(),
                    reason: reason.trim().to_owned(),
                    place,
                });
            }
            _ => {
                let known = did_you_mean(word, WORDS.iter().map(|(word, _)| *word));
                return Err(known.unwrap_or_else(|| "there is no such directive".to_owned()));
            }
        }
        Ok(())
    }
}

fn wrong(word: &str, why: &str, place: Place) -> Diagnostic {
    let forms: Vec<&str> = WORDS
        .iter()
        .filter(|(known, _)| *known == word)
        .map(|(_, form)| *form)
        .collect();
    let forms = if forms.is_empty() {
        WORDS.map(|(_, form)| form).join("`, `")
    } else {
        forms.join("")
    };
    Diagnostic::new(Code::M019, format!("the directive `{word}`: {why}"))
        .at(place, "")
        .note("a directive that is not understood would change how the file is run, without a word")
        .help(format!("write `{forms}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, down: bool) -> (Directives, usize) {
        let mut out = Diagnostics::default();
        let read = read(text, FileId(0), down, &mut out);
        (read, out.iter().count())
    }

    #[test]
    fn directives_are_read_where_they_may_stand() {
        let text = "-- Made by Syncline.\n\n--syncline:no-transaction\r\nSELECT 1;\n  -- syncline:allow deletes-data Nobody reads it.\n";
        let (read, wrong) = of(text, false);
        assert_eq!(wrong, 0);
        assert!(read.no_transaction);
        let allow = &read.allows[0];
        assert_eq!(
            (allow.hazard.as_str(), allow.reason.as_str()),
            ("deletes-data", "Nobody reads it.")
        );
        let range = allow.place.range().expect("a place");
        assert!(text[range].starts_with("-- syncline:allow"));
        let (read, wrong) = of("-- syncline:irreversible The rows are gone.\n", true);
        assert_eq!(
            (read.irreversible.as_deref(), wrong),
            (Some("The rows are gone."), 0)
        );
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for text in [
            "-- syncline:no-transactions\n",
            "SELECT 1;\n-- syncline:no-transaction\n",
            "-- syncline:no-transaction please\n",
            "-- syncline:allow\n",
            "-- syncline:allow deletes-data\n",
            "-- syncline:irreversible It is.\n",
        ] {
            assert_eq!(of(text, false).1, 1, "{text}");
        }
        assert_eq!(of("-- syncline:no-transaction\n", true).1, 1);
        assert_eq!(
            of("-- syncline: is nice\n-- what syncline:allow does\n", false).1,
            1
        );
    }
}
