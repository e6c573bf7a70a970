//! Token claims and what they grant.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mosaik_fuzz::claims::check(input));
