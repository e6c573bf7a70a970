//! What a room forbids cannot be had around the page either: commands, SUBSCRIBE and PUBLISH by
//! hand are refused, and what runs ends.

mod consent;
mod door;
mod locks;
mod names;
mod person;
mod screens;
