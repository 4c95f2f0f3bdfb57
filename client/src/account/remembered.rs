//! What is written down of an account, as JSON. The same as the TypeScript client's.

use serde_json::{Value, json};

/// Whose rows they are, and a change of user that has begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Remembered {
    /// `Some(None)` is nobody's yet; `None` is not known.
    pub(super) user: Option<Option<String>>,
    pub(super) version: u64,
    pub(super) leaving: Option<Leaving>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaving {
    pub(super) to: Option<String>,
    pub(super) step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Unsent writes are dealt with.
    Unsent,
    /// The rows go.
    Clear,
}

impl Remembered {
    /// What cannot be read says nothing: rows that have synced are then somebody else's.
    pub(super) fn read(text: Option<&str>) -> Self {
        let read: Value = text
            .and_then(|it| serde_json::from_str(it).ok())
            .unwrap_or_default();
        let leaving = &read["leaving"];
        let step = match leaving["step"].as_str() {
            Some("unsent") => Some(Step::Unsent),
            Some("clear") => Some(Step::Clear),
            _ => None,
        };
        Self {
            user: read.get("user").map(name),
            version: read["version"].as_u64().unwrap_or_default(),
            leaving: step.map(|step| Leaving {
                to: name(&leaving["to"]),
                step,
            }),
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut json = json!({ "version": self.version });
        if let Some(user) = &self.user {
            json["user"] = json!(user);
        }
        if let Some(Leaving { to, step }) = &self.leaving {
            let step = if *step == Step::Unsent {
                "unsent"
            } else {
                "clear"
            };
            json["leaving"] = json!({ "to": to, "step": step });
        }
        json.to_string()
    }
}

fn name(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let leaving = Some(Leaving {
            to: None,
            step: Step::Clear,
        });
        for remembered in [
            Remembered::default(),
            Remembered {
                user: Some(None),
                version: 2,
                leaving,
            },
            Remembered {
                user: Some(Some("ä".into())),
                version: 0,
                leaving: None,
            },
        ] {
            assert_eq!(Remembered::read(Some(&remembered.to_text())), remembered);
        }
        assert_eq!(Remembered::read(Some("{")), Remembered::default());
        assert_eq!(Remembered::read(None), Remembered::default());
    }
}
