//! A database in words, so that findings have a line of it to show: nothing in a database has a
//! place of its own.

use std::collections::HashMap;

use syncline_schema::{Place, Schema, Sources};

use crate::diff::TableName;
use crate::read::{ReadTable, Reading};

/// What the text is called where a file has its path.
const NAME: &str = "database";

/// Where each table and its parts stand in the text.
#[derive(Debug, Default)]
pub(super) struct Picture {
    places: HashMap<(TableName, String), Place>,
    /// Where the text begins.
    top: Place,
}

impl Picture {
    /// Writes the tables down, one line a part, and gives those of the reading their places.
    pub(super) fn draw(schema: &Schema, reading: &mut Reading, sources: &mut Sources) -> Self {
        let mut drawing = Drawing::default();
        drawing.line("# What PostgreSQL's catalog says.");
        for (table, read) in schema.on_server().zip(&reading.tables) {
            drawing.table(&TableName::of(table), read);
        }
        let Drawing { text, spans } = drawing;
        let file = sources.add_made(NAME, text);
        let places = spans
            .into_iter()
            .map(|(part, span)| (part, Place::new(file, span)))
            .collect();
        let picture = Self {
            places,
            top: Place::new(file, 0..0),
        };
        for (table, read) in schema.on_server().zip(&mut reading.tables) {
            picture.place_all(&TableName::of(table), read);
        }
        reading.anchor = picture.top;
        picture
    }

    /// Where a table stands; the top for one that is not there.
    pub(super) fn table(&self, name: &TableName) -> Place {
        self.part(name, "").unwrap_or(self.top)
    }

    /// Where a part of a table stands: `check name`, `row security`.
    pub(super) fn part(&self, name: &TableName, part: &str) -> Option<Place> {
        self.places.get(&(name.clone(), part.to_owned())).copied()
    }

    fn place_all(&self, name: &TableName, read: &mut ReadTable) {
        let table = self.table(name);
        let of = |part: String| self.part(name, &part).unwrap_or(table);
        read.place = table;
        for column in &mut read.columns {
            column.place = of(format!("column {}", column.name));
        }
        for index in &mut read.indexes {
            let known = index.name.as_ref();
            index.place = known.map_or(table, |it| of(format!("index {it}")));
        }
        for reference in &mut read.references {
            reference.place = match reference.columns.as_slice() {
                [one] => of(format!("column {one}")),
                _ => table,
            };
        }
    }
}

#[derive(Default)]
struct Drawing {
    text: String,
    spans: Vec<((TableName, String), std::ops::Range<usize>)>,
}

impl Drawing {
    fn line(&mut self, line: &str) -> std::ops::Range<usize> {
        let start = self.text.len();
        // A line of the text is a line: what a database holds may have its own.
        self.text.push_str(&line.replace(['\n', '\r'], " "));
        let span = start..self.text.len();
        self.text.push('\n');
        span
    }

    fn part(&mut self, name: &TableName, part: String, line: &str) {
        let span = self.line(line);
        self.spans.push(((name.clone(), part), span));
    }

    fn table(&mut self, name: &TableName, read: &ReadTable) {
        let shown = match name.schema {
            Some(_) => name.to_string(),
            None => format!("public.{name}"),
        };
        self.part(name, String::new(), &format!("table {shown}"));
        for column in &read.columns {
            let part = format!("column {}", column.name);
            self.part(name, part, &format!("{shown}.{}", column.written));
        }
        for index in &read.indexes {
            let Some(own) = &index.name else { continue };
            let kind = if index.unique {
                "unique index"
            } else {
                "index"
            };
            let parts = index.parts.iter().map(|it| match &it.column {
                Some(column) => column.as_str(),
                None => it.sql.as_str(),
            });
            let parts: Vec<_> = parts.collect();
            let line = format!("{kind} {own} on {shown} ({})", parts.join(", "));
            self.part(name, format!("index {own}"), &line);
        }
        for (own, sql) in &read.checks {
            let line = format!("check {own} on {shown}: {sql}");
            self.part(name, format!("check {own}"), &line);
        }
        let rls = if read.rls { "on" } else { "off" };
        let line = format!("row security of {shown} is {rls}");
        self.part(name, "row security".to_owned(), &line);
    }
}
