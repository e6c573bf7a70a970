//! Properties of objects and LOC.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mosaik_fuzz::properties::check(input));
