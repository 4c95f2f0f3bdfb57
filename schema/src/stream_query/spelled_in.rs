//! What may stand behind `IN` in a Sync Stream without parentheses: a named query, a column that
//! holds a list, a parameter. SQL wants parentheses there, and gets them.

use std::iter::Peekable;
use std::vec::IntoIter;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

/// `id IN name` becomes `id IN (SELECT * FROM name)`, as for a named query; `id IN t.list` and
/// `id IN auth.parameter('ids')` become `id IN UNNEST(…)`. Places stay those of what was written.
pub(super) fn spell_out(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    let mut after_in = false;
    while let Some(token) = rest.next() {
        if after_in && is_name(&token.token) {
            let span = token.span;
            let list = value(token, &mut rest);
            let before: &[(Token, Span)] = match list.as_slice() {
                [_] => &[
                    (Token::LParen, span),
                    (word("SELECT", Keyword::SELECT), span),
                    (Token::Mul, span),
                    (word("FROM", Keyword::FROM), span),
                ],
                _ => &[
                    (word("UNNEST", Keyword::UNNEST), span),
                    (Token::LParen, span),
                ],
            };
            out.extend(before.iter().map(|(token, span)| at(token.clone(), *span)));
            out.extend(list);
            out.push(at(Token::RParen, span));
            after_in = false;
            continue;
        }
        if !matches!(token.token, Token::Whitespace(_)) {
            after_in = matches!(&token.token, Token::Word(word)
                if word.quote_style.is_none() && word.keyword == Keyword::IN);
        }
        out.push(token);
    }
    out
}

fn is_name(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_some() || word.keyword != Keyword::UNNEST)
}

/// The name that `first` begins, with what is joined to it by dots, and its arguments.
fn value(first: TokenWithSpan, rest: &mut Peekable<IntoIter<TokenWithSpan>>) -> Vec<TokenWithSpan> {
    let mut list = vec![first];
    while rest.peek().is_some_and(|next| next.token == Token::Period) {
        list.extend(rest.next());
        list.extend(rest.next());
    }
    if rest.peek().is_some_and(|next| next.token == Token::LParen) {
        let mut depth = 0_usize;
        for token in rest.by_ref() {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                _ => {}
            }
            list.push(token);
            if depth == 0 {
                break;
            }
        }
    }
    list
}

fn at(token: Token, span: Span) -> TokenWithSpan {
    TokenWithSpan { token, span }
}

fn word(text: &str, keyword: Keyword) -> Token {
    Token::Word(Word {
        value: text.to_owned(),
        quote_style: None,
        keyword,
    })
}
