//! PostgreSQL's errors, in full.

/// What PostgreSQL said: message, code, detail, hint, position.
pub(crate) fn explain(error: &postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        return format!("{error:?}");
    };
    let mut text = format!("{} ({})", said.message(), said.code().code());
    let position = said.position().map(|position| format!("{position:?}"));
    for (name, value) in [
        ("detail", said.detail()),
        ("hint", said.hint()),
        ("where", said.where_()),
        ("at", position.as_deref()),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {value}"));
        }
    }
    text
}
