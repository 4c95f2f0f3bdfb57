//! `syncline doctor`.

#[cfg(feature = "live")]
mod examine;
#[cfg(feature = "live")]
mod keys;

use crate::Exit;
use crate::args::Doctor;
use crate::ui::Ui;

#[cfg(feature = "live")]
pub(crate) fn run(ui: &Ui, args: &Doctor) -> Exit {
    examine::run(ui, args)
}

#[cfg(not(feature = "live"))]
pub(crate) fn run(ui: &Ui, _: &Doctor) -> Exit {
    super::live::no_database(ui)
}
