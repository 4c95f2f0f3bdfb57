//! Sources made to break the reader: too large, too deep, not text.
//! Each ends in findings, in time, and never in a panic or a stack that overflows.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use syncline_codegen::render;
use syncline_schema::source::load_str;
use syncline_schema::{Code, Loaded};

use super::{codes, human, load_bytes};

const PROJECT: &str = "[project]\nname = \"app\"\n\n";

/// One error, and which.
#[track_caller]
fn only(loaded: &Loaded, code: Code) {
    assert_eq!(loaded.diagnostics.iter().count(), 1, "{}", human(loaded));
    assert_eq!(codes(loaded), [code]);
}

#[test]
fn fifty_megabytes_are_one_clear_error() {
    let loaded = load_bytes(&vec![b'#'; 50 << 20]);
    only(&loaded, Code::S019);
    assert!(human(&loaded).contains("50 MiB"), "{}", human(&loaded));
}

#[test]
fn the_largest_file_that_is_read_is_read() {
    let mut text = PROJECT.to_owned();
    while text.len() < 30 << 20 {
        text.push_str("# A comment of some length, that is of no interest to anyone at all.\n");
    }
    assert!(load_bytes(text.as_bytes()).diagnostics.is_empty());
}

#[test]
fn bytes_that_are_no_text_are_one_clear_error() {
    only(&load_bytes(b"[project]\nname = \"a\0b\"\n"), Code::S018);
    only(&load_bytes(b"[project]\nname = \"\xff\xfe\"\n"), Code::S018);
    // UTF-16, as an old editor saves it.
    let utf16: Vec<u8> = PROJECT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    only(&load_bytes(&utf16), Code::S018);
}

#[test]
fn nesting_is_one_clear_error() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("[{a=", "}]")] {
        let deep = format!(
            "{PROJECT}a = {}1{}",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        only(&load_bytes(deep.as_bytes()), Code::S019);
    }
    for deep in [
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[a{}]", ".a".repeat(100_000)),
    ] {
        only(&load_str(&format!("{PROJECT}{deep}\n")), Code::S001);
    }
}

/// A name, a type, a word of megabytes: said in a line, and not compared with every key.
#[test]
fn huge_names_are_cut_where_they_are_shown() {
    let huge = "x".repeat(5 << 20);
    for text in [
        format!("{PROJECT}{huge} = 1\n"),
        format!("{PROJECT}[tables.{huge}.columns]\na = \"text\"\n"),
        format!("{PROJECT}[tables.a.columns]\na = \"{huge}\"\n"),
        format!("{PROJECT}[tables.a]\nsync = \"{huge}\"\n"),
        format!(
            "{PROJECT}[tables.a.columns]\na = {{ type = \"text\", references = \"{huge}\" }}\n"
        ),
        format!("{PROJECT}[streams.a]\nquery = \"SELECT * FROM {huge}\"\n"),
    ] {
        let start = Instant::now();
        let said = human(&load_str(&text));
        assert!(
            !said.is_empty() && said.len() < 50_000,
            "{} bytes",
            said.len()
        );
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
    }
}

/// SQL that makes a parser recurse, in a thread as small as Rust's tests have.
#[test]
fn deep_sql_does_not_overflow_the_stack() {
    let n = 16_000;
    let wide = |start: &str, more: &str| format!("{start}{}", more.repeat(n / more.len()));
    let nested =
        |open: &str, inside: &str, n: usize| format!("{}{inside}{}", open.repeat(n), ")".repeat(n));
    let conditions = [
        wide("1", "+1"),
        wide("b = b", " AND b = b"),
        wide("b", "::int"),
        wide("", "NOT "),
        wide("", "- "),
        wide("b", "->b"),
        wide("b", " IS NULL"),
        wide("b", " BETWEEN 1 AND b"),
        nested("(", "b", 39),
        nested("b IN (SELECT b FROM a WHERE ", "b", 39),
        nested("CASE WHEN b THEN (", "b", 39),
    ];
    for condition in conditions {
        let condition = &condition[..condition.len().min(n)];
        let text = format!(
            "{PROJECT}[tables.a.columns]\nb = {{ type = \"text\", check = '''{condition}''' }}\n\
             [streams.s]\nquery = '''SELECT id FROM a WHERE {condition}'''\n"
        );
        // What is said of it does not matter here.
        let _ = human(&load_str(&text));
    }
    for query in [
        nested("SELECT * FROM (", "a", 39),
        wide("SELECT * FROM a", " JOIN a ON b"),
        wide("SELECT 1", " UNION SELECT 1"),
    ] {
        let _ = human(&load_str(&format!(
            "{PROJECT}[streams.s]\nquery = '''{query}'''\n"
        )));
    }
}

/// Many mistakes take their share of time each, not each the whole file's.
#[test]
fn many_mistakes_take_linear_time() {
    let lines = |line: &dyn Fn(usize) -> String| (0..20_000).map(line).collect::<String>();
    let sources = [
        lines(&|n| format!("key{n} = 1\n")),
        format!(
            "[tables.t.columns]\n{}",
            lines(&|n| format!("c{n} = \"txt\"\n"))
        ),
        lines(&|n| format!("# syncline-ignore S014: reason {n}\n")),
        lines(&|n| {
            format!(
                "[tables.t{n}.columns]\na = {{ type = \"text\", references = \"t{}\" }}\n",
                n / 2
            )
        }),
        lines(&|_| "= what\n".to_owned()),
        format!(
            "[tables.t.columns]\ne = {{ type = \"enum\", values = [{}] }}\n",
            lines(&|n| format!("\"w{n}\","))
        ),
    ];
    for source in sources {
        let start = Instant::now();
        let loaded = load_str(&format!("{PROJECT}{source}"));
        let said = human(&loaded);
        let json = render::json(&loaded.diagnostics, &loaded.sources);
        let took = start.elapsed();
        assert!(json.is_array());
        assert!(
            took < Duration::from_secs(30),
            "{took:?} for {:?}…",
            &said[..said.len().min(200)]
        );
    }
}

#[test]
fn a_message_never_carries_an_escape_code() {
    let mut keys = String::new();
    for c in (0..32).chain(0x7f..0xa0) {
        let _ = writeln!(keys, "\"k\\u{c:04x}\" = 1");
    }
    let said = human(&load_str(&format!("{keys}{PROJECT}")));
    let control = said.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(control, None);
}

/// Rust files are not compiled, and their reader recurses as well.
#[test]
fn deep_rust_does_not_overflow_the_stack() {
    let source = b"[project]\nname = \"app\"\n[source]\nrust = \"models.rs\"\n";
    let field =
        |ty: String| format!("#[derive(SyncTable)]\npub struct Notes {{ pub body: {ty} }}\n");
    let around = |open: &str, inside: &str, close: &str, n: usize| {
        format!("{}{inside}{}", open.repeat(n), close.repeat(n))
    };
    let texts = [
        field(around("(", "String", ")", 20_000)),
        field(around("Vec<", "String", ">", 20_000)),
        field(around("&", "str", "", 50_000)),
        field(around("*const ", "str", "", 20_000)),
        field(around("a::", "String", "", 50_000)),
        field(around("fn() -> ", "String", "", 20_000)),
        field(format!("[u8; {}]", around("1+", "1", "", 50_000))),
        format!(
            "#[derive(SyncTable)]\n#[sync(default = {})]\npub struct Notes {{}}\n",
            around("[", "1", "]", 20_000)
        ),
        around("mod a { ", "", "}", 20_000),
        around("/*", "", "*/", 20_000),
        around("#[cfg(all(", "", "))]", 5_000),
        format!("r{}\"", "#".repeat(100_000)),
        "\u{0}".to_owned(),
        "🙂".repeat(10_000),
    ];
    for text in texts {
        let files = [
            ("syncline.toml", source.as_slice()),
            ("models.rs", text.as_bytes()),
        ];
        let loaded = syncline_schema::load(
            &super::Memory(&files),
            std::path::Path::new("syncline.toml"),
        );
        let said = human(&loaded);
        let shown: String = text.chars().take(80).collect();
        assert!(said.len() < 100_000, "{} bytes of {shown}", said.len());
    }
}
