//! `syncline explain`.

use std::fmt::Write as _;

use syncline_schema::Code;
use syncline_schema::diagnostic::did_you_mean;

use crate::Exit;
use crate::args::Explain;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &Explain) -> Exit {
    let Some(name) = &args.code else {
        let mut list = String::new();
        for code in Code::ALL {
            let _ = writeln!(
                list,
                "{}  {:<8} {}",
                code.name(),
                code.severity().name(),
                code.title()
            );
        }
        ui.out(&list);
        return Exit::Clean;
    };
    match Code::parse(name) {
        Some(code) => {
            ui.out(code.page());
            Exit::Clean
        }
        None => {
            let close = did_you_mean(name, Code::ALL.iter().map(|code| code.name()));
            let help = close.unwrap_or_else(|| "`syncline explain` lists all codes".to_owned());
            ui.fail(&format!("there is no code `{name}`; {help}"));
            Exit::Failed
        }
    }
}
