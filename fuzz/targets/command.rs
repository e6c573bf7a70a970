//! What participants say to their room.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mosaik_fuzz::command::check(input));
