//! Where an HTTP/1.1 message ends.
//!
//! In: a stream. Out: the next message on it, as its bytes and taken apart.

use std::io::{self, BufRead, Read};

/// Longer heads are nobody's we talk to.
const LONGEST_HEAD: usize = 1 << 16;

/// Which side wrote it: an answer may end with its connection, a request may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// What a client sends.
    Request,
    /// What a server sends.
    Answer,
}

/// One message.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    /// Its bytes as they came.
    pub(crate) raw: Vec<u8>,
    /// Request or status line.
    pub(crate) first_line: String,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub(crate) body: Vec<u8>,
    /// Whether another message may follow on the connection.
    pub(crate) keeps_open: bool,
}

impl Whole {
    /// The status of an answer.
    pub(crate) fn status(&self) -> io::Result<u16> {
        let word = self.first_line.split(' ').nth(1);
        word.and_then(|word| word.parse().ok())
            .ok_or_else(|| wrong(&format!("no status in `{}`", self.first_line)))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name)?;
        Some(&found.1)
    }
}

/// Reads the next message; `None` when the stream ends before it begins. Interim answers (100 Continue) are passed over.
pub(crate) fn read(stream: &mut impl BufRead, kind: Message) -> io::Result<Option<Whole>> {
    loop {
        let mut whole = Whole::default();
        if !head(stream, &mut whole)? {
            return Ok(None);
        }
        let status = if kind == Message::Answer {
            whole.status()?
        } else {
            0
        };
        whole.keeps_open = !whole
            .header("connection")
            .is_some_and(|it| it.eq_ignore_ascii_case("close"));
        if (100..200).contains(&status) {
            continue;
        }
        if matches!(status, 204 | 304) {
            return Ok(Some(whole));
        }
        body(stream, kind, &mut whole)?;
        return Ok(Some(whole));
    }
}

fn head(stream: &mut impl BufRead, whole: &mut Whole) -> io::Result<bool> {
    loop {
        let from = whole.raw.len();
        let read = stream.read_until(b'\n', &mut whole.raw)?;
        if read == 0 {
            if from == 0 {
                return Ok(false);
            }
            return Err(cut());
        }
        if whole.raw.len() > LONGEST_HEAD {
            return Err(wrong("a head without an end"));
        }
        let line = String::from_utf8_lossy(&whole.raw[from..]);
        let line = line.trim_end();
        if line.is_empty() {
            return Ok(true);
        }
        match line.split_once(':') {
            _ if from == 0 => whole.first_line = line.to_owned(),
            Some((name, value)) => {
                let name = name.to_ascii_lowercase();
                whole.headers.push((name, value.trim().to_owned()));
            }
            None => return Err(wrong(&format!("a header without a colon: `{line}`"))),
        }
    }
}

fn body(stream: &mut impl BufRead, kind: Message, whole: &mut Whole) -> io::Result<()> {
    let chunked = whole
        .header("transfer-encoding")
        .is_some_and(|it| it.eq_ignore_ascii_case("chunked"));
    let length = whole.header("content-length").map(str::parse::<usize>);
    match length {
        _ if chunked => chunks(stream, whole),
        Some(Ok(length)) => {
            whole.body = exactly(stream, length)?;
            whole.raw.extend_from_slice(&whole.body);
            Ok(())
        }
        Some(Err(error)) => Err(wrong(&format!("content-length: {error}"))),
        None if kind == Message::Request => Ok(()),
        None => {
            whole.keeps_open = false;
            stream.read_to_end(&mut whole.body)?;
            whole.raw.extend_from_slice(&whole.body);
            Ok(())
        }
    }
}

fn chunks(stream: &mut impl BufRead, whole: &mut Whole) -> io::Result<()> {
    loop {
        let from = whole.raw.len();
        if stream.read_until(b'\n', &mut whole.raw)? == 0 {
            return Err(cut());
        }
        let line = String::from_utf8_lossy(&whole.raw[from..]);
        let size = line.trim_end().split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16)
            .map_err(|_| wrong(&format!("a chunk of the size `{size}`")))?;
        // A chunk ends with a line break; so does the last one, which is empty (trailers are nobody's we talk to).
        let chunk = exactly(stream, size.saturating_add(2))?;
        whole.raw.extend_from_slice(&chunk);
        whole.body.extend_from_slice(&chunk[..size]);
        if size == 0 {
            return Ok(());
        }
    }
}

fn exactly(stream: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Not read_exact into a vector of that size: the number is the other side's.
    stream.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(cut());
    }
    Ok(bytes)
}

fn cut() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the connection ended in the middle of a message",
    )
}

fn wrong(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_follow_each_other() {
        let text = "HTTP/1.1 100 Continue\r\n\r\n\
                    HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc\
                    HTTP/1.1 204 No Content\r\n\r\n\
                    HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nde\r\n1;x=y\r\nf\r\n0\r\n\r\n\
                    HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\nto the end";
        let mut stream = text.as_bytes();
        let mut all = Vec::new();
        while let Some(it) = read(&mut stream, Message::Answer).expect("an answer") {
            all.push((
                it.status().expect("a status"),
                String::from_utf8(it.body).expect("text"),
                it.keeps_open,
            ));
        }
        let wanted = [
            (200, "abc", true),
            (204, "", true),
            (200, "def", true),
            (503, "to the end", false),
        ];
        assert_eq!(
            all,
            wanted.map(|(status, body, open)| (status, body.to_owned(), open))
        );
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        let texts = [
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
            "no status\r\n\r\n",
        ];
        for text in texts {
            assert!(
                read(&mut text.as_bytes(), Message::Answer).is_err(),
                "{text}"
            );
        }
    }
}
