//! What of a sync config the service refuses or reads over, whatever the schema is.

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, FileId, Place};

use super::{BUCKET_KEYS, ROOT_KEYS, STREAM_KEYS};
use crate::read::keys;
use crate::read::yaml::Node;

/// The edition that the streams here are written for.
const EDITION: u32 = 3;

/// Everything about the file's own form.
pub(super) fn check(file: FileId, root: &Node) -> Vec<Diagnostic> {
    let mut shape = Shape {
        file,
        out: Vec::new(),
    };
    keys::unknown(file, root, ROOT_KEYS, "a sync config", &mut shape.out);
    shape.forms(root);
    for (key, known, of) in [
        ("streams", STREAM_KEYS, "a stream"),
        ("bucket_definitions", BUCKET_KEYS, "a bucket definition"),
    ] {
        for (_, _, node) in root.get(key).into_iter().flat_map(Node::entries) {
            keys::unknown(file, node, known, of, &mut shape.out);
            shape.priority(node);
            shape.flag(node, "auto_subscribe");
            shape.flag(node, "accept_potentially_dangerous_queries");
        }
    }
    shape.out
}

struct Shape {
    file: FileId,
    out: Vec<Diagnostic>,
}

impl Shape {
    fn place(&self, node: &Node) -> Place {
        Place::new(self.file, node.span.clone())
    }

    /// Streams, bucket definitions, and the edition that goes with them.
    fn forms(&mut self, root: &Node) {
        let streams = root.entry("streams");
        let buckets = root.entry("bucket_definitions");
        let edition = root.path(&["config", "edition"]);
        let number = edition.and_then(Node::text).map(str::parse::<u32>);
        if let Some(node) = edition
            && !matches!(number, Some(Ok(1..=EDITION)))
        {
            let place = self.place(node);
            self.value(place, "there is no such edition", "write `edition: 3`");
            return;
        }
        let number = number.and_then(Result::ok).unwrap_or(1);
        if let Some((key, _)) = streams
            && number < 2
        {
            let stated = edition.map_or_else(|| self.place(key), |it| self.place(it));
            self.out.push(
                Diagnostic::new(Code::C042, "streams need an edition that has them")
                    .at(self.place(key), "Sync Streams are of edition 3")
                    .at(stated, "without it, the file is of edition 1")
                    .note("the service refuses the file, and rows will arrive at no client")
                    .help("add `config: {edition: 3}` at the top of the file"),
            );
        }
        if let (Some((buckets, _)), Some(edition)) = (buckets, edition)
            && number >= EDITION
        {
            self.out.push(
                Diagnostic::new(Code::C042, "bucket definitions in a file of edition 3")
                    .at(self.place(buckets), "edition 3 has streams only")
                    .at(self.place(edition), "the edition of this file")
                    .note("the service refuses the file, and rows will arrive at no client")
                    .help("write them as streams, or take `edition: 3` away"),
            );
        } else if let (Some((streams, _)), Some((buckets, _))) = (streams, buckets)
            && number >= 2
        {
            self.out.push(
                Diagnostic::new(Code::C042, "streams and bucket definitions in one file")
                    .at(self.place(streams), "streams")
                    .at(self.place(buckets), "and bucket definitions")
                    .note("only the early form of streams takes both, and edition 3 will not")
                    .help("write the bucket definitions as streams, and set `edition: 3`"),
            );
        }
    }

    fn value(&mut self, place: Place, label: &str, help: &str) {
        self.out.push(
            Diagnostic::new(Code::C043, "the service does not take this value")
                .at(place, label)
                .note("it refuses the whole file: rows will arrive at no client")
                .help(help),
        );
    }

    fn priority(&mut self, node: &Node) {
        let Some(node) = node.get("priority") else {
            return;
        };
        let fits = node.text().and_then(|it| it.parse::<u8>().ok());
        if fits.is_none_or(|it| it > 3) {
            let place = self.place(node);
            let help = "0 syncs first, 3 last; 3 is what a stream has that says nothing";
            self.value(place, "a priority is 0, 1, 2 or 3", help);
        }
    }

    fn flag(&mut self, node: &Node, key: &str) {
        if let Some(node) = node.get(key)
            && node.boolean().is_none()
        {
            let place = self.place(node);
            self.value(place, "takes true or false", "write `true` or `false`");
        }
    }
}
