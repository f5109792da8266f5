//! What makes no sense does not compile, and the message says what to write.

#[test]
fn what_makes_no_sense_does_not_compile_and_says_what_to_write() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
