//! SETUP and the URI's parts in it.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mosaik_fuzz::setup::check(input));
