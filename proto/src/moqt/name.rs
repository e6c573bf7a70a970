//! Namespaces and track names (section 2.4.1): bytes, not text; at most 4,096 in all.

use std::fmt;

use bytes::Bytes;
use moqtap_codec::types::TrackNamespace;

/// Most bytes that a namespace and a track name have together (section 2.4.1).
pub const NAME_BYTES_MAX: usize = 4096;

/// An ordered set of at most 32 non-empty fields.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Namespace(Vec<Bytes>);

impl Namespace {
    /// A namespace of these fields. The codec refuses what the draft does not allow when it is
    /// encoded; what came from a peer was checked when it was decoded.
    pub fn new<F: Into<Bytes>>(fields: impl IntoIterator<Item = F>) -> Self {
        Self(fields.into_iter().map(Into::into).collect())
    }

    /// A namespace of text fields.
    pub fn of(fields: &[&str]) -> Self {
        Self(fields.iter().map(|field| Bytes::copy_from_slice(field.as_bytes())).collect())
    }

    /// The fields in order.
    pub fn fields(&self) -> &[Bytes] {
        &self.0
    }

    /// The fields as slices, for checks that know nothing of this type.
    pub fn as_slices(&self) -> Vec<&[u8]> {
        self.0.iter().map(AsRef::as_ref).collect()
    }

    /// Whether `self` begins with all fields of `prefix`, compared field by field.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.0.starts_with(&prefix.0)
    }

    /// What follows `prefix`, if `self` begins with it.
    pub fn strip_prefix(&self, prefix: &Self) -> Option<Self> {
        self.0.strip_prefix(prefix.0.as_slice()).map(|rest| Self(rest.to_vec()))
    }

    /// `self` followed by the fields of `suffix`.
    #[must_use]
    pub fn join(&self, suffix: &Self) -> Self {
        Self(self.0.iter().chain(&suffix.0).cloned().collect())
    }

    /// Whether requests for it are refused whatever a token says: `.` is for nothing, and of the
    /// session's own `.session` no extension here defines anything (sections 3.2.1 and 3.2.2).
    pub fn is_never_served(&self) -> bool {
        self.0.first().is_some_and(|field| field == "." || field == ".session")
    }
}

impl From<TrackNamespace> for Namespace {
    fn from(wire: TrackNamespace) -> Self {
        Self::new(wire.0)
    }
}

impl From<&Namespace> for TrackNamespace {
    fn from(namespace: &Namespace) -> Self {
        Self(namespace.0.iter().map(|field| field.to_vec()).collect())
    }
}

/// A namespace and the name of one track in it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FullTrackName {
    /// Where the track lives.
    pub namespace: Namespace,
    /// Its name there, possibly empty.
    pub track: Bytes,
}

impl FullTrackName {
    /// The track called `track` in `namespace`.
    pub fn new(namespace: Namespace, track: impl Into<Bytes>) -> Self {
        Self { namespace, track: track.into() }
    }
}

/// The printable form of section 1.5: safe in logs and file names, one string for one name.
impl fmt::Display for FullTrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}--", self.namespace)?;
        write_field(f, &self.track)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, field) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("-")?;
            }
            write_field(f, field)?;
        }
        Ok(())
    }
}

impl fmt::Debug for FullTrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn write_field(f: &mut fmt::Formatter<'_>, field: &[u8]) -> fmt::Result {
    for &byte in field {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            write!(f, "{}", char::from(byte))?;
        } else {
            write!(f, ".{byte:02x}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drafts_example_prints_as_the_draft_says() {
        let name = FullTrackName::new(
            Namespace::of(&["example.net", "team2", "project_x"]),
            &b"report"[..],
        );
        assert_eq!(name.to_string(), "example.2enet-team2-project_x--report");
    }

    #[test]
    fn only_what_the_draft_names_is_never_served() {
        for (fields, never) in [
            (&["."][..], true),
            (&[".", "a"], true),
            (&[".session"], true),
            (&[".session", "a"], true),
            (&[".sessions"], false),
            (&[".other"], false),
            (&["a", "."], false),
            (&[], false),
        ] {
            assert_eq!(Namespace::of(fields).is_never_served(), never, "{fields:?}");
        }
    }

    #[test]
    fn a_prefix_matches_whole_fields_only() {
        let namespace = Namespace::of(&["foobar", "x"]);
        assert!(!namespace.starts_with(&Namespace::of(&["foo"])));
        assert!(namespace.starts_with(&Namespace::of(&["foobar"])));
        assert_eq!(
            namespace.strip_prefix(&Namespace::of(&["foobar"])),
            Some(Namespace::of(&["x"]))
        );
    }
}
