//! The catalog: which tracks a participant publishes and how they are encoded
//! (draft-ietf-moq-msf; the fields that docs/protocol.md shows).

use serde::{Deserialize, Serialize};

/// Bytes of one catalog object: sixteen tracks with every field fit four times.
pub const CATALOG_BYTES_MAX: usize = 8 << 10;

/// Tracks of one participant: voice, three renditions each of camera and screen, and as many again
/// for what is to come.
pub const CATALOG_TRACKS_MAX: usize = 16;

/// One object of a `catalog` track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// Of the format: `"1"`.
    pub version: String,
    /// What is published now. What is off is not in the list.
    pub tracks: Vec<CatalogTrack>,
}

/// One track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogTrack {
    /// Its name in the participant's namespace.
    pub name: String,
    /// `loc`.
    pub packaging: String,
    /// Whether it goes on.
    pub is_live: bool,
    /// `audio` or `video`.
    pub role: String,
    /// As WebCodecs writes it.
    pub codec: String,
    /// Bits per second at most.
    pub bitrate: u32,
    /// Hz, of sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samplerate: Option<u32>,
    /// `"1"` for mono.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_config: Option<String>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Pictures per second at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framerate: Option<f32>,
    /// Renditions of one source share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_group: Option<u32>,
}

/// An object that is no catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCatalog {
    /// More than [`CATALOG_BYTES_MAX`].
    #[error("a catalog of {0} bytes")]
    TooLarge(usize),
    /// More than [`CATALOG_TRACKS_MAX`].
    #[error("a catalog of {0} tracks")]
    TooManyTracks(usize),
    /// Not the JSON of a catalog.
    #[error("the catalog is malformed")]
    Malformed,
    /// A rate of pictures that is no number of ours, and would be none when it is written again.
    #[error("a rate of pictures is too large")]
    Framerate,
}

impl Catalog {
    /// Reads one object.
    ///
    /// # Errors
    /// [`BadCatalog`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BadCatalog> {
        if bytes.len() > CATALOG_BYTES_MAX {
            return Err(BadCatalog::TooLarge(bytes.len()));
        }
        let catalog: Self = serde_json::from_slice(bytes).map_err(|_| BadCatalog::Malformed)?;
        if catalog.tracks.len() > CATALOG_TRACKS_MAX {
            return Err(BadCatalog::TooManyTracks(catalog.tracks.len()));
        }
        if !catalog.tracks.iter().filter_map(|track| track.framerate).all(f32::is_finite) {
            return Err(BadCatalog::Framerate);
        }
        Ok(catalog)
    }

    /// The object's bytes.
    pub fn encode(&self) -> Vec<u8> {
        // It fails for maps with odd keys and for broken writers, and here is neither.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_catalog_decodes() {
        let document = include_str!("../../docs/protocol.md");
        let from = document.find("{ \"version\": \"1\"").unwrap();
        let json = document[from..].split("```").next().unwrap();
        let catalog = Catalog::decode(json.as_bytes()).unwrap();
        let names: Vec<&str> = catalog.tracks.iter().map(|track| track.name.as_str()).collect();
        assert_eq!(names, ["mic", "cam/mid"]);
        assert_eq!(Catalog::decode(&catalog.encode()), Ok(catalog));
    }

    #[test]
    fn a_catalog_has_bounds() {
        let track = r#"{"name":"a","packaging":"loc","isLive":true,"role":"audio","codec":"opus","bitrate":1}"#;
        let many = format!(r#"{{"version":"1","tracks":[{}]}}"#, [track; 17].join(","));
        assert_eq!(Catalog::decode(many.as_bytes()), Err(BadCatalog::TooManyTracks(17)));
        assert!(Catalog::decode(&vec![b' '; 9_000]).is_err());
    }

    #[test]
    fn a_framerate_that_is_no_number_is_refused() {
        let with = |framerate: &str| {
            let track = r#""name":"a","packaging":"loc","isLive":true,"role":"video","codec":"vp8","bitrate":1"#;
            let json =
                format!(r#"{{"version":"1","tracks":[{{{track},"framerate":{framerate}}}]}}"#);
            Catalog::decode(json.as_bytes())
        };
        assert_eq!(with("1e39"), Err(BadCatalog::Framerate));
        assert!(with("29.97").is_ok());
    }
}
