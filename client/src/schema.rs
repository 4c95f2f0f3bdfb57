//! PowerSync's schema of the tables that devices have.

use powersync::schema::{Column, Schema, Table, TrackPreviousValues};
use syncline_runtime::{Residence, Role, Storage, TrackPrevious};

/// The schema of these tables, as PowerSync's crate takes it. Tables that are only in PostgreSQL are left out.
///
/// Indexes are not in the descriptors: add them to what this returns where reads want them.
pub fn schema(tables: &[&'static syncline_runtime::Table]) -> Schema {
    let on_device = tables
        .iter()
        .filter(|table| table.residence != Residence::Server);
    Schema {
        tables: on_device.map(|table| of(table)).collect(),
        raw_tables: Vec::new(),
    }
}

fn of(table: &'static syncline_runtime::Table) -> Table {
    // PowerSync adds the id by itself.
    let columns = table
        .columns
        .iter()
        .filter(|it| it.on_device() && it.role != Role::Id);
    let columns = columns.map(|column| match column.storage() {
        Storage::Text => Column::text(column.name),
        Storage::Integer => Column::integer(column.name),
        Storage::Real => Column::real(column.name),
    });
    Table::create(table.name, columns.collect(), |made| {
        let options = &mut made.options;
        options.local_only = table.residence == Residence::Local;
        options.insert_only = table.insert_only;
        options.track_metadata = table.track_metadata;
        options.ignore_empty_updates = table.ignore_empty_updates;
        options.track_previous_values = match table.track_previous {
            TrackPrevious::None => None,
            TrackPrevious::All => Some(TrackPreviousValues::all()),
            TrackPrevious::Columns(names) => Some(TrackPreviousValues {
                column_filter: Some(names.iter().map(|name| (*name).into()).collect()),
                only_when_changed: false,
            }),
        };
    })
}

#[cfg(test)]
mod tests {
    use syncline_runtime::{Column, Residence, Role, Scalar, Table, TrackPrevious};

    #[test]
    fn what_the_device_has() {
        static COLUMNS: &[Column] = &[
            Column::new("id", "id", Scalar::Text).role(Role::Id),
            Column::new("big", "big", Scalar::BigInt),
            Column::new("flags", "flags", Scalar::Boolean).array(),
            Column::new("done", "done", Scalar::Boolean),
            Column::new("rate", "rate", Scalar::Real),
            Column::new("secret", "secret", Scalar::Text).server_only(),
        ];
        static A: Table = Table::new("a", COLUMNS).track_previous(TrackPrevious::Columns(&["big"]));
        static B: Table = Table::new("b", COLUMNS)
            .residence(Residence::Local)
            .insert_only();
        static C: Table = Table::new("c", COLUMNS).residence(Residence::Server);
        let made = super::schema(&[&A, &B, &C]);
        made.validate().expect("a sound schema");
        let json = serde_json::to_value(&made).expect("JSON");
        assert_eq!(json["tables"].as_array().map(Vec::len), Some(2));
        let columns: Vec<_> = json["tables"][0]["columns"]
            .as_array()
            .expect("columns")
            .iter()
            .map(|it| format!("{} {}", it["name"], it["type"]).replace('"', ""))
            .collect();
        assert_eq!(
            columns,
            ["big TEXT", "flags TEXT", "done INTEGER", "rate REAL"]
        );
        assert_eq!(json["tables"][0]["include_old"], serde_json::json!(["big"]));
        assert_eq!(json["tables"][1]["local_only"], true);
        assert_eq!(json["tables"][1]["insert_only"], true);
    }
}
