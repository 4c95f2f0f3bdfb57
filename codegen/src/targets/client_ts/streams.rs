//! What `streams.ts` prints: the streams that a device has to ask for, and what each takes.

use std::collections::BTreeSet;

use sqlparser::tokenizer::Token;
use syncline_schema::model::Stream;
use syncline_schema::{Schema, sql};

use crate::targets::BANNER;
use crate::targets::typescript::{doc_comment, string};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    streams: Vec<StreamView>,
}

#[derive(Debug, serde::Serialize)]
struct StreamView {
    doc: String,
    /// As a key.
    name: String,
    /// Their type.
    parameters: String,
}

impl View {
    pub(super) fn lower(schema: &Schema) -> Self {
        let asked_for = schema.streams.iter().filter(|it| !it.auto_subscribe);
        Self {
            banner: BANNER,
            streams: asked_for.map(lower).collect(),
        }
    }
}

fn lower(stream: &Stream) -> StreamView {
    let mut parameters = Parameters::default();
    let with = stream.with.iter().map(|(_, query)| query);
    for query in with.chain(&stream.queries) {
        parameters.read(&query.sql);
    }
    StreamView {
        doc: doc_comment(stream.doc.as_deref().unwrap_or_default(), "  "),
        name: string(&stream.name),
        parameters: parameters.text(),
    }
}

/// The parameters of a subscription.
#[derive(Debug, Default)]
struct Parameters {
    names: BTreeSet<String>,
    /// Some are read in a way that does not name them.
    others: bool,
}

impl Parameters {
    /// Adds each `subscription.parameter('name')` of a query.
    fn read(&mut self, query: &str) {
        let tokens = sql::tokens(query).unwrap_or_default();
        let said: Vec<_> = tokens
            .iter()
            .map(|it| &it.token)
            .filter(|it| !matches!(it, Token::Whitespace(_)))
            .collect();
        for (at, token) in said.iter().enumerate() {
            let behind = |by: usize| said.get(at + by).copied();
            if !is_word(token, "subscription") || behind(1) != Some(&Token::Period) {
                continue;
            }
            match (behind(2), behind(4)) {
                (Some(word), Some(Token::SingleQuotedString(name)))
                    if is_word(word, "parameter") =>
                {
                    self.names.insert(name.clone());
                }
                _ => self.others = true,
            }
        }
    }

    fn text(&self) -> String {
        if self.others {
            return "Record<string, StreamValue>".to_owned();
        }
        if self.names.is_empty() {
            return "null".to_owned();
        }
        let names = self.names.iter();
        let list: Vec<_> = names
            .map(|name| format!("{}: StreamValue", string(name)))
            .collect();
        format!("{{ {} }}", list.join("; "))
    }
}

fn is_word(token: &Token, name: &str) -> bool {
    matches!(token, Token::Word(word) if word.value.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::Parameters;

    #[test]
    fn parameters_are_found_by_name() {
        let of = |query: &str| {
            let mut found = Parameters::default();
            found.read(query);
            found.text()
        };
        assert_eq!(of("SELECT * FROM a WHERE b = auth.user_id()"), "null");
        assert_eq!(
            of(
                "SELECT * FROM a WHERE b = Subscription . parameter( 'x' ) OR c = subscription.parameter('a b')"
            ),
            "{ \"a b\": StreamValue; \"x\": StreamValue }"
        );
        assert_eq!(
            of("SELECT * FROM a WHERE b = subscription.parameters() ->> 'x'"),
            "Record<string, StreamValue>"
        );
        assert_eq!(of("SELECT 'subscription.parameter(''x'')'"), "null");
    }
}
