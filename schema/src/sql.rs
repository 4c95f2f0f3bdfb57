//! SQL that the user wrote: looked over before it is parsed or printed.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

/// The longest SQL text, in bytes. sqlparser recurses on long chains of operators, and a stack
/// overflow cannot be caught.
pub const MAX_BYTES: usize = 16 * 1024;

/// How deep parentheses may nest, for the same reason.
pub const MAX_DEPTH: usize = 40;

/// What sqlparser's recursion takes at the most, in bytes; only what is used is ever mapped.
const STACK: usize = 64 << 20;

thread_local! {
    static HAS_ROOM: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs `work` on a thread whose stack is large enough for every text that [`tokens`] lets
/// through: parsing it, walking the tree, dropping it. A stack overflow cannot be caught.
pub fn with_room<T: Send>(work: impl Fn() -> T + Send + Sync) -> T {
    if HAS_ROOM.get() {
        return work();
    }
    std::thread::scope(|scope| {
        let inside = || {
            HAS_ROOM.set(true);
            work()
        };
        match std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, inside)
        {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Without another thread it is done on this one.
            Err(_) => work(),
        }
    })
}

/// The tokens of one statement or expression.
///
/// # Errors
/// Says why it is not one: empty, too long, too deep, an open string or parenthesis, a `;`, a
/// comment (which would swallow what is printed behind it).
pub fn tokens(sql: &str) -> Result<Vec<TokenWithSpan>, String> {
    if sql.len() > MAX_BYTES {
        return Err(format!("it has {} bytes, more than {MAX_BYTES}", sql.len()));
    }
    if sql.contains('\0') {
        return Err("it holds a NUL".to_owned());
    }
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql)
        .tokenize_with_location()
        .map_err(|error| error.message)?;
    let mut open = Vec::new();
    for token in &tokens {
        match &token.token {
            Token::LParen | Token::LBracket => open.push(&token.token),
            Token::RParen if open.pop() != Some(&Token::LParen) => {
                return Err("a `)` closes nothing".to_owned());
            }
            Token::RBracket if open.pop() != Some(&Token::LBracket) => {
                return Err("a `]` closes nothing".to_owned());
            }
            Token::SemiColon => return Err("it holds a `;`".to_owned()),
            Token::Whitespace(space) if !is_blank(space) => {
                return Err("it holds a comment".to_owned());
            }
            _ => {}
        }
        if open.len() > MAX_DEPTH {
            return Err(format!("parentheses nest more than {MAX_DEPTH} deep"));
        }
    }
    if !open.is_empty() {
        return Err("a parenthesis is not closed".to_owned());
    }
    if tokens
        .iter()
        .all(|token| matches!(token.token, Token::Whitespace(_) | Token::EOF))
    {
        return Err("it is empty".to_owned());
    }
    Ok(tokens)
}

fn is_blank(space: &sqlparser::tokenizer::Whitespace) -> bool {
    use sqlparser::tokenizer::Whitespace::{Newline, Space, Tab};
    matches!(space, Space | Newline | Tab)
}

/// Can this stand in parentheses as one expression? PostgreSQL itself judges the rest.
///
/// # Errors
/// As [`tokens`], and where a comma stands outside parentheses.
pub fn check_expression(sql: &str) -> Result<(), String> {
    let mut depth = 0_usize;
    for token in tokens(sql)? {
        match token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth = depth.saturating_sub(1),
            Token::Comma if depth == 0 => return Err("it holds a `,`".to_owned()),
            _ => {}
        }
    }
    Ok(())
}
