//! Everything that the derives take, in a crate that denies warnings and hides the prelude.

#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub)]
#![no_implicit_prelude]

extern crate std;
extern crate syncline_runtime as renamed;

/// The usual names stand for something else here.
pub mod shadowed {
    #![allow(non_camel_case_types, dead_code)]

    use ::std::option::Option;
    use ::std::string::String;
    use ::std::vec::Vec;
    use ::syncline_macros::{SyncEnum, SyncTable};
    use ::syncline_runtime::{Date, Decimal, Json, LocalTimestamp, Time, Timestamp, Uuid};

    struct Some;
    struct Ok;
    struct Column;
    struct Table;
    struct Result;
    mod core {}
    mod syncline_runtime {}

    /// One field of each type.
    #[derive(SyncTable)]
    #[sync(
        timestamps = false,
        indexes = [["a_text"], { columns = [{ column = "an_i32", desc = true }], where = "an_i32 > 0" }],
        unique = [["a_text", "an_i32"]],
        checks = { "everything_check" = "an_i32 < 10" },
        removed_columns = { old = "2026-01-01" },
        track_previous = ["a_text"],
        track_metadata,
        ignore_empty_updates = false,
    )]
    pub struct Everything {
        /// The row.
        pub id: String,
        pub(crate) owner_id: Option<String>,
        pub(super) a_text: String,
        a_bool: bool,
        an_i16: i16,
        an_i32: i32,
        an_i64: i64,
        an_f32: f32,
        an_f64: f64,
        a_uuid: Uuid,
        #[sync(unit = "ms", default = "now")]
        a_timestamp: Timestamp,
        a_local_timestamp: LocalTimestamp,
        a_date: Date,
        a_time: Time,
        #[sync(type = "decimal(12,2)", default = "-1.50")]
        a_decimal: Decimal,
        a_json: Json,
        bytes: Vec<u8>,
        words: State,
        #[sync(default = "sent")]
        maybe_words: Option<State>,
        texts: Vec<String>,
        #[sync(name = "typeOf", max_length = 3)]
        r#type: Option<String>,
        values: Option<Vec<i64>>,
        deleted_at: Option<Timestamp>,
    }

    /// Words.
    #[derive(SyncEnum, Clone, Copy)]
    pub enum State {
        /// `draft`.
        Draft,
        /// `sent`.
        Sent,
        /// A word that is no name.
        #[sync(name = "it's \"paid\"")]
        Paid,
    }
}

/// The runtime crate under another name, and through a module of ours.
pub mod elsewhere {
    /// As a re-export.
    pub mod inner {
        pub use ::syncline_runtime as runtime;
    }

    /// On the server only.
    #[derive(::syncline_macros::SyncTable)]
    #[sync(crate = "::renamed", name = "audit_entries", sync = "server", schema = "audit", key = ["at", "n"])]
    pub struct Audit {
        at: ::renamed::Timestamp,
        n: i64,
        kind: Kind,
    }

    /// On the device only.
    #[derive(::syncline_macros::SyncTable)]
    #[sync(crate = "crate::elsewhere::inner::runtime", sync = "local")]
    pub struct Drafts {
        body: ::std::string::String,
    }

    /// Words.
    #[derive(::syncline_macros::SyncEnum)]
    #[sync(crate = "crate::elsewhere::inner::runtime")]
    pub enum Kind {
        /// `one`.
        One,
    }
}

/// From another macro.
pub mod by_macro {
    macro_rules! table {
        ($name:ident, $table:literal, $field:ident: $ty:ty = $default:literal) => {
            /// A table.
            #[derive(::syncline_macros::SyncTable)]
            #[sync(name = $table)]
            pub struct $name {
                #[sync(default = $default)]
                $field: $ty,
            }
        };
    }

    table!(Counters, "counters", count: ::std::option::Option<i32> = 5);
}

#[cfg(test)]
mod tests {
    use ::renamed::{Row, SyncEnum, SyncTable, Table, Value};
    use ::std::prelude::rust_2021::*;
    use ::std::{assert, assert_eq, vec};

    use crate::by_macro::Counters;
    use crate::elsewhere::{Audit, Drafts};
    use crate::shadowed::{Everything, State};

    #[test]
    fn the_schema_is_a_list_of_types() {
        let schema: &[&Table] = &[
            Everything::TABLE,
            Audit::TABLE,
            Drafts::TABLE,
            Counters::TABLE,
        ];
        let names: Vec<_> = schema.iter().map(|table| table.name).collect();
        assert_eq!(names, ["everything", "audit_entries", "drafts", "counters"]);
        assert_eq!(State::WORDS, ["draft", "sent", "it's \"paid\""]);
        let words = Everything::TABLE.column("words").expect("declared");
        assert_eq!(words.scalar, ::renamed::Scalar::Enum(State::WORDS));
        assert_eq!(words.default_sql, None);
        assert!(
            Everything::TABLE
                .column("typeOf")
                .expect("declared")
                .nullable
        );
        let count = Counters::TABLE.column("count").expect("declared");
        assert_eq!((count.default_sql, count.nullable), (Some("5"), true));
    }

    #[test]
    fn columns_without_a_field_are_passed_over() {
        // id, owner_id, count, created_at, updated_at, deleted_at
        let row = Counters::from_values(vec![
            Value::Text("a".into()),
            Value::Null,
            Value::Integer(3),
            Value::Timestamp(0),
            Value::Timestamp(0),
            Value::Null,
        ]);
        let values = row.expect("values of the right types").into_values();
        assert_eq!(values.len(), Counters::TABLE.columns.len());
        assert_eq!(values[2], Value::Integer(3));
        assert!(
            values
                .iter()
                .enumerate()
                .all(|(at, value)| at == 2 || value.is_null())
        );
        assert!(Counters::from_values(vec![Value::Null, Value::Null]).is_err());
    }
}
