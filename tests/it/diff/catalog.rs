//! What a database holds, as sorted lines: two databases are the same where these are. Independent
//! of the readers that the product has.

use testkit::postgres::Client;

const SYSTEM: &str = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'syncline')
    AND n.nspname NOT LIKE 'pg_temp%' AND n.nspname NOT LIKE 'pg_toast_temp%'";

/// The lines. Order of columns is no part of it: PostgreSQL adds new ones at the end.
pub(crate) fn lines(client: &mut Client) -> Vec<String> {
    let queries = [
        "SELECT 'schema ' || nspname FROM pg_namespace n WHERE {SYSTEM}",
        "SELECT format('type %I.%I %s', n.nspname, t.typname,
            (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {SYSTEM}",
        "SELECT format('table %I.%I rls=%s', n.nspname, c.relname, c.relrowsecurity)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {SYSTEM}",
        "SELECT format('column %I.%I.%I %s%s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN ' NOT NULL' END,
            (SELECT ' DEFAULT ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum))
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {SYSTEM}",
        "SELECT format('constraint %I.%I %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE k.contype <> 'n' AND {SYSTEM}",
        "SELECT format('index %s%s', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN ' INVALID' END)
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SYSTEM}",
        "SELECT format('policy %I.%I %I %s %s', n.nspname, c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
         FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SYSTEM}",
        "SELECT format('comment %I.%I.%s %s', n.nspname, c.relname, (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = d.objsubid AND attnum > 0), d.description)
         FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SYSTEM}",
    ];
    let mut lines: Vec<String> = Vec::new();
    for query in queries {
        let query = query.replace("{SYSTEM}", SYSTEM);
        let rows = client
            .query(&query, &[])
            .unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let line = |row: &testkit::postgres::Row| row.get::<_, String>(0);
        lines.extend(rows.iter().map(|row| one_spelling(&line(row))));
    }
    lines.sort();
    lines
}

/// PostgreSQL keeps two spellings of one function apart.
fn one_spelling(line: &str) -> String {
    line.replace(" DEFAULT CURRENT_TIMESTAMP", " DEFAULT now()")
        .replace(
            "timezone('utc'::text, now())",
            "(now() AT TIME ZONE 'utc'::text)",
        )
}

/// What is in one and not in the other.
pub(crate) fn difference(is: &[String], wanted: &[String]) -> Option<String> {
    let minus = wanted.iter().filter(|it| !is.contains(it));
    let plus = is.iter().filter(|it| !wanted.contains(it));
    let lines: Vec<_> = minus
        .map(|it| format!("- {it}"))
        .chain(plus.map(|it| format!("+ {it}")))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
