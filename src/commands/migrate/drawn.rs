//! Progress as people read it: a line for each file that is done, and on a terminal a line below
//! it that moves.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use syncline_codegen::live::runner::{Event, Holder, Progress};

use crate::ui::Ui;

/// How often a long statement gets a line where nobody watches.
const EVERY: Duration = Duration::from_secs(10);

/// How many cells a bar has.
const BAR: usize = 24;

/// Draws progress on stderr.
pub(super) struct Drawn<'a> {
    ui: &'a Ui,
    now: RefCell<Now>,
}

/// What is going on.
#[derive(Default)]
struct Now {
    file: String,
    statements: usize,
    statement: usize,
    /// When a line was last given to those who do not watch.
    told: Option<Instant>,
    /// The last session that was waited for.
    blocked: Option<Holder>,
}

impl<'a> Drawn<'a> {
    pub(super) fn new(ui: &'a Ui) -> Self {
        Self {
            ui,
            now: RefCell::default(),
        }
    }

    /// A line that stays.
    fn line(&self, text: &str) {
        self.ui.passing("");
        self.ui.say(text);
    }

    fn long(&self, what: &str, done: u64, total: u64, time: Duration) {
        let now = &mut *self.now.borrow_mut();
        let share = (total > 0).then(|| (done.min(total) * 100) / total);
        if self.ui.is_watched() {
            let bar = share.map_or_else(String::new, bar);
            self.ui.passing(&format!(
                "  {} {}/{}: {what}{bar} {}",
                now.file,
                now.statement,
                now.statements,
                duration(time)
            ));
        } else if now.told.is_none_or(|it| it.elapsed() >= EVERY) {
            now.told = Some(Instant::now());
            let share = share.map_or_else(String::new, |it| format!(", {it} %"));
            self.ui
                .say(&format!("    {what}{share}, {}", duration(time)));
        }
    }
}

impl Progress for Drawn<'_> {
    fn tell(&self, event: Event<'_>) {
        match event {
            Event::Waiting(holder) => {
                let who = holder.map_or_else(String::new, |it| format!(": {it}"));
                self.line(&format!(
                    "another run migrates this database, waiting for it{who}"
                ));
            }
            Event::Migration(id, number, of) => self.line(&format!("{id} ({number} of {of})")),
            Event::Resumed(file, statement) => {
                self.line(&format!(
                    "  goes on where an earlier run stopped: {file}, statement {statement}"
                ));
            }
            Event::File(file, statements) => {
                *self.now.borrow_mut() = Now {
                    file: file.to_owned(),
                    statements,
                    ..Now::default()
                };
                self.ui.passing(&format!("  {file}"));
            }
            Event::Statement(number, of, sql) => {
                let now = &mut *self.now.borrow_mut();
                now.statement = number;
                self.ui
                    .passing(&format!("  {} {number}/{of}: {}", now.file, start(sql)));
            }
            Event::Notice(text) => self.line(&format!("    {text}")),
            Event::Long {
                what,
                done,
                total,
                time,
            } => self.long(what, done, total, time),
            Event::Blocked(holder) => {
                let new = self.now.borrow().blocked.as_ref() != Some(holder);
                if new {
                    self.line(&format!(
                        "    waits for a lock that another session holds: {holder}"
                    ));
                    self.now.borrow_mut().blocked = Some(holder.clone());
                }
            }
            Event::Again(why, pause) => {
                self.line(&format!("    {why}; once more in {}", duration(pause)));
            }
            Event::HalfBuilt(index) => {
                self.line(&format!(
                    "    the index {index} was left half-built: it is dropped and built again"
                ));
            }
            Event::FileDone(file, time) => {
                let statements = crate::ui::count(self.now.borrow().statements, "statement");
                self.line(&format!(
                    "  {file:<28} {statements:>14} {:>9}",
                    duration(time)
                ));
            }
            Event::Undone(id, time) => self.line(&format!("{id} undone in {}", duration(time))),
            Event::Done(..) => {}
        }
    }
}

/// The beginning of a statement on one line.
fn start(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn bar(share: u64) -> String {
    let full = usize::try_from(share).unwrap_or(0) * BAR / 100;
    format!(
        " [{}{}] {share} %",
        "#".repeat(full),
        ".".repeat(BAR - full)
    )
}

/// `12 ms`, `3.4 s`, `5 min 10 s`.
pub(super) fn duration(time: Duration) -> String {
    match time.as_millis() {
        0..1_000 => format!("{} ms", time.as_millis()),
        1_000..60_000 => format!("{:.1} s", time.as_secs_f64()),
        _ => format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}
