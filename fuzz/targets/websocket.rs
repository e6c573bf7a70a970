//! Sessions over a WebSocket.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mosaik_fuzz::websocket::check(input));
