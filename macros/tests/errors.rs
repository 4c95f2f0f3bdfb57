//! What the derives say of mistakes. The expected texts hold our own messages only: what rustc
//! says of a type is its own affair.

#[test]
fn mistakes_are_told_on_their_tokens() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
