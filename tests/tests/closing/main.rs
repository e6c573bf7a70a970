//! A room that closes is gone: from the server's memory, its files and its logs; and its receipt says
//! so.

mod canaries;
mod receipt;
