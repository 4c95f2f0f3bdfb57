#![no_main]

use syncline_codegen::check::SubjectKind;

libfuzzer_sys::fuzz_target!(|data: &[u8]| syncline_fuzz::subject(SubjectKind::Handler, data));
