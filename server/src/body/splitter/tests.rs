use sha2::{Digest, Sha256};

use super::{Sink, SplitError, Splitter};
use crate::app::{App, Catalog};
use crate::body::{Limits, Reader};

#[derive(Default)]
struct Kept(Vec<(usize, Vec<u8>)>);

impl Sink for Kept {
    fn op(&mut self, list: usize, text: &[u8]) -> Result<(), SplitError> {
        self.0.push((list, text.to_vec()));
        Ok(())
    }
}

type Cut = Result<(Vec<(usize, Vec<u8>)>, Vec<u8>), SplitError>;

fn cut(chunks: &[&[u8]]) -> Cut {
    let mut splitter = Splitter::new(1 << 16);
    let mut kept = Kept::default();
    for chunk in chunks {
        splitter.feed(chunk, &mut kept)?;
    }
    Ok((kept.0, splitter.finish()?))
}

const BODIES: &[&str] = &[
    r#"{"client_id":"c","transactions":[{"op_id":1,"ops":[{"op":"PUT","id":"a","data":{"x":[1,{"y":"]}"}]}},{"op":"DELETE"}]},{"ops":[]}]}"#,
    r#" [ {"a":"\"}]{[,\\"} , {"b":"\\\\"} ] "#,
    r#"{"crud":[{"data":"{\"ops\":[{}]}"}],"op_id":"7"}"#,
    r#"{"metadata":{"ops":[{"x":1}]},"transactions":[{"id":1,"note":{"ops":[1]},"batch":[{}]}]}"#,
    "{\"ops\":[{\"a\":\"\u{e9}\u{1f600}\\u0000\"},\t{}\r\n]}",
    r#"{"transactions":[{"ops":[{}{}]}]}"#,
    r#"{"transactions":[{"ops":[{},]}]}"#,
    r#"{"ops":[{"a":[}]}"#,
    r#"{"ops":[5]}"#,
    "[]]",
    "",
];

#[test]
fn chunks_make_no_difference() {
    for body in BODIES {
        let body = body.as_bytes();
        let whole = cut(&[body]);
        for at in 0..=body.len() {
            let (head, tail) = body.split_at(at);
            assert_eq!(cut(&[head, tail]), whole, "at {at}");
            for second in (at..=body.len()).step_by(5) {
                let (middle, end) = tail.split_at(second - at);
                assert_eq!(
                    cut(&[head, middle, b"", end]),
                    whole,
                    "at {at} and {second}"
                );
            }
        }
        let bytes: Vec<_> = body.chunks(1).collect();
        assert_eq!(cut(&bytes), whole, "byte by byte");
    }
}

#[test]
fn ops_and_what_is_around_them_are_told_apart() {
    let (ops, envelope) = cut(&[BODIES[0].as_bytes()]).expect("an upload");
    let ops: Vec<_> = ops
        .iter()
        .map(|(list, text)| (*list, String::from_utf8_lossy(text)))
        .collect();
    assert_eq!(ops[0].0, 0);
    assert_eq!(
        ops[0].1,
        r#"{"op":"PUT","id":"a","data":{"x":[1,{"y":"]}"}]}}"#
    );
    assert_eq!(ops[1], (0, r#"{"op":"DELETE"}"#.into()));
    assert_eq!(
        String::from_utf8_lossy(&envelope),
        r#"{"client_id":"c","transactions":[{"op_id":1,"ops":[]},{"ops":[]}]}"#
    );
    // Lists of ops stand where connectors put them, and nowhere else.
    let (ops, _) = cut(&[BODIES[3].as_bytes()]).expect("an upload");
    assert_eq!(ops, [(0, b"{}".to_vec())]);
}

#[test]
fn brackets_around_ops_are_counted_and_those_of_values_are_not() {
    let around = "{\"a\":".repeat(300);
    assert_eq!(cut(&[around.as_bytes()]), Err(SplitError::TooDeep));
    let value = format!("[{{\"a\":{}{}}}]", "[".repeat(9_000), "]".repeat(9_000));
    assert_eq!(cut(&[value.as_bytes()]).expect("an upload").0.len(), 1);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 16));
    assert_eq!(cut(&[long.as_bytes()]), Err(SplitError::EnvelopeTooLong));
}

/// Bodies that were cut, doubled and struck by chance: an answer, never a panic, and the same for
/// all chunks.
#[test]
fn broken_bodies_have_an_answer() {
    static APP: App = App {
        name: "none",
        schema_version: "0",
        tables: &[],
        removed_tables: &[],
        local_tables: &[],
        role: "none",
        rejection: None,
        row_security: false,
    };
    let catalog = Catalog::new(&APP);
    let limits = Limits {
        bytes: 1 << 20,
        ops: 100,
        transactions: 10,
    };
    let read = |chunks: &[&[u8]]| {
        let mut reader = Reader::new(&catalog, "user", limits);
        for chunk in chunks {
            reader.feed(chunk).map_err(|why| format!("{why:?}"))?;
        }
        let upload = reader.finish().map_err(|why| format!("{why:?}"))?;
        let transactions = upload.transactions.into_iter();
        let seen = transactions.map(|it| (it.op_id, it.digest, it.ops.len(), it.text));
        Ok::<_, String>((upload.client_id, seen.collect::<Vec<_>>()))
    };
    let mut chance = Chance(Sha256::digest(b"chance").into());
    for _ in 0..3_000 {
        let from = BODIES[chance.below(BODIES.len())].as_bytes();
        let mut body = from.to_vec();
        for _ in 0..=chance.below(4) {
            let at = chance.below(body.len() + 1);
            let end = at + chance.below(body.len() + 1 - at);
            match chance.below(3) {
                0 => drop(body.drain(at..end)),
                1 => body.insert(at, b"{}[]\",:\\ \0\xff1n"[chance.below(13)]),
                _ => body.extend_from_within(at..end),
            }
        }
        let at = chance.below(body.len() + 1);
        let (head, tail) = body.split_at(at);
        assert_eq!(
            read(&[&body]),
            read(&[head, tail]),
            "{}",
            String::from_utf8_lossy(&body)
        );
    }
}

/// Numbers that look random and are always the same.
struct Chance([u8; 32]);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = Sha256::digest(self.0).into();
        let number = u32::from_le_bytes([self.0[0], self.0[1], self.0[2], self.0[3]]);
        usize::try_from(number).unwrap_or(0) % end.max(1)
    }
}
