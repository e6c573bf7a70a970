//! A room that closes is gone: from the server's memory, its files, its logs and under its names; and its receipt says
//! so.

mod canaries;
mod names;
mod receipt;
