//! Catalogs: JSON that participants publish.

use mosaik_proto::catalog::{CATALOG_BYTES_MAX, CATALOG_TRACKS_MAX, Catalog};

/// What is let in has its bounds, and survives.
pub fn check(input: &[u8]) {
    let Ok(catalog) = Catalog::decode(input) else {
        return;
    };
    assert!(input.len() <= CATALOG_BYTES_MAX && catalog.tracks.len() <= CATALOG_TRACKS_MAX);
    let again = catalog.encode();
    // Escapes that were written short may come out long.
    if again.len() <= CATALOG_BYTES_MAX {
        assert_eq!(Catalog::decode(&again), Ok(catalog));
    }
}
