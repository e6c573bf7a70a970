//! Updates of the notes.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mosaik_fuzz::notes::check(input));
