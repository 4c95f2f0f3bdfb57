//! Every diagnostic code with its severity and title: the one list, also of the pages in
//! `docs/diagnostics/`.

use crate::diagnostic::Severity::{self, Error, Note, Warning};

macro_rules! codes {
    ($($code:ident $severity:ident $title:literal;)*) => {
        /// A diagnostic code: a letter for the part of Syncline (S schema, L stream lint,
        /// T target, D diff and hazard, M migrations, C check, U doctor) and three digits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// All codes, sorted.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// `S001`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// The rule in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$code => $title,)* }
            }

            /// How much a finding weighs.
            pub fn severity(self) -> Severity {
                match self { $(Self::$code => $severity,)* }
            }

            /// The page that `syncline explain` prints.
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!(
                        "../../docs/diagnostics/", stringify!($code), ".md"
                    )),)*
                }
            }

            /// The code of this name, in either case.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

codes! {
    L001 Error "a stream's query is not valid SQL";
    L002 Error "a stream aliases the table it sends";
    L003 Error "a stream sends rows without their id";
    L004 Warning "a stream sends an owner table without an owner filter";
    L005 Error "a stream names an unknown table";
    L006 Error "a stream names an unknown column";
    L007 Error "an unquoted name in a stream folds to lower case";
    L008 Warning "a stream's access depends on what the client claims";
    L009 Error "a stream calls an unknown function";
    L010 Error "an auto-subscribed stream takes subscription parameters";
    L011 Note "a stream sends deleted rows";
    L012 Note "a stream parameter may have more than 1,000 values";
    L013 Error "a stream sends a local or server table";
    L014 Error "a stream sends a server-only column";
    L015 Error "sync rules cannot express this stream";
    L016 Warning "a stream can never send a row";
    L017 Warning "a stream leaves bytes out";
    L018 Warning "a stream leaves out what old devices read";
    M010 Error "a migration folder that cannot be read";
    M011 Error "a folder that is no migration's";
    M012 Error "a file that would never run";
    M013 Error "two migrations with one stamp";
    M014 Note "a migration without a snapshot";
    M015 Error "a snapshot that cannot be read";
    M016 Error "two migrations with one parent";
    M017 Error "a migration whose parent is not here";
    M018 Error "a migration that runs before its parent";
    M019 Error "a directive that is not understood";
    M020 Error "a migration that is not what its sum says";
    M021 Error "a sum that is missing or cannot be read";
    M022 Warning "an allowed hazard that is not there";
    M023 Error "an applied migration that was edited";
    M024 Warning "a migration that only the database knows";
    M025 Error "a migration that stopped half-way";
    M026 Note "a migration merged behind others";
    M027 Error "a statement that a migration cannot hold";
    M028 Error "a statement that PostgreSQL refuses";
    M029 Error "a migration that cannot be undone";
    M030 Error "a database that is not what its migrations made";
    S001 Error "the source is not valid TOML";
    S002 Error "an unknown key";
    S003 Error "a value of the wrong kind";
    S004 Error "an unknown type";
    S005 Error "a default that does not fit its column";
    S006 Error "a name that PowerSync refuses";
    S007 Error "two names that collide";
    S008 Error "a name that is too long for PostgreSQL";
    S009 Error "a name that cannot be used";
    S010 Error "the id column is not what it must be";
    S011 Error "a reference to an unknown table or column";
    S012 Error "a reference to a table on the other side";
    S013 Error "an index on an unknown column";
    S014 Warning "a unique rule across owners";
    S015 Error "options that exclude each other";
    S016 Error "too many columns";
    S017 Error "a value out of its range";
    S018 Error "a source file that cannot be read";
    S019 Error "the source is too large or too deep";
    S020 Error "a table or column declared twice";
    S021 Error "the owner column is not what it must be";
    S022 Error "a removed name that is still in use";
    S023 Error "a rename that cannot be";
    S024 Error "an invalid SQL expression";
    S025 Error "an option that has no meaning here";
    S026 Warning "a suppression that suppresses nothing";
    S027 Error "a Rust source that cannot be read";
    S028 Error "a timestamp column is not what it must be";
    S029 Error "a required part is missing";
    S030 Error "a reference of another type";
    S031 Error "a column that nothing can fill";
    S032 Warning "a foreign key that crosses owners";
    T001 Error "an unknown target";
    T002 Error "a file that Syncline did not write is in the way";
    T003 Error "a generated file is out of date";
    T004 Error "a generated file is missing";
    T005 Error "a file in the output folder that Syncline did not write";
    T006 Note "the device has only a part of this";
    M001 Error "SQL that cannot be read";
    M002 Warning "a statement that does not fit what came before it";
    M003 Note "something in PostgreSQL that a schema does not hold";
    M004 Note "a command of psql in a script";
    C001 Error "a subject that cannot be read";
    C002 Error "a table is missing";
    C003 Error "a column is missing";
    C004 Error "types that do not meet";
    C005 Warning "a part that could not be followed";
    C006 Note "something that only a subject has";
    C007 Error "a sync config sends what must stay in PostgreSQL";
    C008 Note "a subject that there is nothing to compare with";
    C009 Error "nulls or defaults that do not meet";
    C010 Error "another primary key";
    C011 Error "a unique rule that devices cannot keep";
    C012 Warning "a reference that does not meet";
    C013 Error "an app schema that does not fit";
    C014 Error "a write without its owner";
    C015 Error "an upload handler lets the device set the owner";
    C016 Error "an upload that is completed on an error";
    C017 Error "token options that do not meet";
    C040 Warning "a key that nothing reads";
    C041 Warning "a stream that sends nothing by itself";
    C042 Error "two forms in one sync config";
    C043 Error "a value that the service does not take";
    C044 Error "bucket parameters that do not meet";
    C045 Error "a part of the service's configuration is missing";
    C046 Error "a variable that the service does not read";
    C047 Warning "a secret in a file";
    C048 Error "the service loads another sync config";
    C049 Error "tokens that the service will refuse";
    C050 Warning "storage that shares the app's database role";
    C051 Error "PostgreSQL without logical replication";
    C052 Warning "an image of another version, or of any";
    C053 Error "a container that lacks what the service reads";
    C054 Error "a port that cannot be what it is";
    C055 Warning "a database that is open to the network";
    C056 Error "the service's container does not sync";
    C057 Error "a table on the wrong side of sync";
    C058 Note "a client database from another time";
    C059 Warning "a client database that is no PowerSync database";
    C060 Error "a publication that does not fit the streams";
    C061 Warning "a check that only PostgreSQL has";
    C062 Error "row security that is not as declared";
    C063 Note "an index that PostgreSQL lacks";
    D001 Error "a rename that nobody declared";
    D002 Error "a table's rename that nobody declared";
    D003 Error "a type that cannot become another";
    D004 Error "a type change that devices do not survive";
    D010 Error "hazard deletes-data";
    D011 Error "hazard may-fail";
    D012 Error "hazard table-rewrite";
    D013 Error "hazard access-exclusive-lock";
    D014 Error "hazard index-build";
    D015 Error "hazard index-dropped";
    D016 Error "hazard breaks-clients";
    D017 Error "hazard copied-again";
    U001 Error "the database cannot be examined";
    U002 Error "PostgreSQL without logical replication";
    U003 Error "the publication does not fit";
    U004 Error "tables that are not what is published";
    U005 Error "a replica identity that does not fit";
    U006 Error "a role that lacks what it needs";
    U007 Error "a replication slot in trouble";
    U008 Warning "a setting that risks rows or the disk";
    U009 Warning "clocks that differ";
    U010 Warning "migrations that have not run";
    U011 Error "the service does not answer";
    U012 Error "the service does not replicate";
    U013 Error "the signing keys cannot be read";
    U014 Error "a token that the service refuses";
    U015 Warning "a token that is not what the schema source says";
}
