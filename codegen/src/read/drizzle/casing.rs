//! The column name that Drizzle's `casing: "snake_case"` makes of a property.

/// Words are runs of capitals, a capital with what follows it, or runs of small letters and
/// digits; anything else separates. As drizzle-orm 0.45 splits them, so that we agree with it.
pub(super) fn snake(key: &str) -> String {
    let chars: Vec<char> = key
        .chars()
        .filter(|c| *c != '\'' && *c != '\u{2019}')
        .collect();
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        if small(chars[at]) {
            while at < chars.len() && small(chars[at]) {
                at += 1;
            }
        } else if chars[at].is_ascii_uppercase() {
            while at < chars.len() && chars[at].is_ascii_uppercase() {
                at += 1;
            }
            let before_letter = chars.get(at).is_some_and(char::is_ascii_lowercase);
            if before_letter && at - start > 1 {
                // `HTMLText`: the last capital begins the next word.
                at -= 1;
            } else if before_letter {
                while at < chars.len() && small(chars[at]) {
                    at += 1;
                }
            }
        } else {
            at += 1;
            continue;
        }
        words.push(chars[start..at].iter().collect::<String>().to_lowercase());
    }
    words.join("_")
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_are_split_as_drizzle_splits_them() {
        for (key, name) in [
            ("title", "title"),
            ("createdAt", "created_at"),
            ("userID", "user_id"),
            ("HTMLText", "html_text"),
            ("already_snake", "already_snake"),
            ("aBigint", "a_bigint"),
            ("line2Text", "line2_text"),
            ("X", "x"),
            ("A1b", "a_1b"),
            ("isOK2", "is_ok_2"),
        ] {
            assert_eq!(super::snake(key), name, "{key}");
        }
    }
}
