//! What a room forbids cannot be had around the page either: commands, SUBSCRIBE and PUBLISH by
//! hand are refused, and what runs ends.

mod closed;
mod consent;
mod door;
mod elsewhere;
mod leading;
mod locks;
mod names;
mod person;
mod screens;
