//! What bytes are, by how they begin, whatever their name says.

use serde::Serialize;
use ts_rs::TS;

use super::FileName;

/// What a file's first bytes say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContentKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// PDF.
    Pdf,
    /// ZIP, which office documents of today are too.
    Zip,
    /// Office documents before 2007.
    Office,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// HTML or SVG: it can run programs where it is opened.
    Markup,
    /// A program.
    Program,
    /// Anything else.
    Other,
}

/// Beginnings at offset 0.
const BEGINNINGS: &[(&[u8], ContentKind)] = &[
    (b"\x89PNG\r\n\x1a\n", ContentKind::Png),
    (b"\xff\xd8\xff", ContentKind::Jpeg),
    (b"GIF87a", ContentKind::Gif),
    (b"GIF89a", ContentKind::Gif),
    (b"%PDF-", ContentKind::Pdf),
    (b"PK\x03\x04", ContentKind::Zip),
    (b"PK\x05\x06", ContentKind::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ContentKind::Office),
    (b"ID3", ContentKind::Audio),
    (b"OggS", ContentKind::Audio),
    (b"fLaC", ContentKind::Audio),
    (b"\x1a\x45\xdf\xa3", ContentKind::Video),
    (b"MZ", ContentKind::Program),
    (b"\x7fELF", ContentKind::Program),
    (b"\xcf\xfa\xed\xfe", ContentKind::Program),
    (b"\xca\xfe\xba\xbe", ContentKind::Program),
    (b"#!", ContentKind::Program),
];

/// What begins a page that a browser would run, in lower case.
const MARKUP: &[&[u8]] = &[
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<iframe",
    b"<svg",
    b"<!doctype svg",
];

impl ContentKind {
    /// So many bytes of a beginning are looked at.
    pub const LOOKED_AT: usize = 512;

    /// What these first bytes are.
    pub fn of(head: &[u8]) -> Self {
        let head = head.get(..Self::LOOKED_AT).unwrap_or(head);
        let begins = BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning));
        if let Some((_, kind)) = begins {
            return *kind;
        }
        if head.starts_with(b"RIFF") {
            return match head.get(8..12) {
                Some(b"WEBP") => Self::Webp,
                Some(b"WAVE") => Self::Audio,
                Some(b"AVI ") => Self::Video,
                _ => Self::Other,
            };
        }
        if head.get(4..8) == Some(b"ftyp") {
            return Self::Video;
        }
        if is_markup(head) { Self::Markup } else { Self::Other }
    }

    /// Whether it can be a slide: pictures that every browser draws and that run nothing.
    pub const fn is_slide(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp)
    }

    /// Whether a file of this kind may have this name, and may be shared at all.
    pub fn is_sharable_as(self, name: &FileName) -> bool {
        if matches!(self, Self::Program | Self::Markup) {
            return false;
        }
        let wanted = match name.suffix().as_deref() {
            Some("png") => Self::Png,
            Some("jpg" | "jpeg") => Self::Jpeg,
            Some("webp") => Self::Webp,
            Some("gif") => Self::Gif,
            Some("pdf") => Self::Pdf,
            Some("zip" | "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp" | "epub") => Self::Zip,
            Some("doc" | "xls" | "ppt") => Self::Office,
            Some(
                "exe" | "msi" | "scr" | "com" | "bat" | "cmd" | "lnk" | "html" | "htm" | "svg",
            ) => {
                return false;
            }
            Some(_) | None => return true,
        };
        self == wanted
    }
}

/// A tag that a browser would follow, near the beginning: behind a mark of order, white space, a
/// declaration or a comment.
fn is_markup(head: &[u8]) -> bool {
    let lower = head.to_ascii_lowercase();
    // UTF-16 has a zero beside each letter of a tag.
    let text: Vec<u8> = lower.into_iter().filter(|byte| *byte != 0).collect();
    let marks =
        |byte: &u8| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf, 0xfe, 0xff].contains(byte);
    let start = text.iter().position(|byte| !marks(byte)).unwrap_or(text.len());
    let text = text.get(start..).unwrap_or_default();
    let has = |tag: &[u8]| text.windows(tag.len()).any(|window| window == tag);
    text.first() == Some(&b'<') && MARKUP.iter().any(|tag| has(tag))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> FileName {
        FileName::clean(text).unwrap()
    }

    #[test]
    fn bytes_are_what_they_begin_with() {
        for (head, kind) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], ContentKind::Png),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", ContentKind::Jpeg),
            (b"RIFF\x10\0\0\0WEBPVP8 ", ContentKind::Webp),
            (b"RIFF\x10\0\0\0WAVE", ContentKind::Audio),
            (b"%PDF-1.7", ContentKind::Pdf),
            (b"PK\x03\x04\x14\0", ContentKind::Zip),
            (b"\0\0\0\x20ftypisom", ContentKind::Video),
            (b"MZ\x90\0", ContentKind::Program),
            (b"#!/bin/sh", ContentKind::Program),
            (b"<!DOCTYPE html><script>", ContentKind::Markup),
            (b"\xef\xbb\xbf  <HTML>", ContentKind::Markup),
            (b"\xff\xfe<\0s\0v\0g\0 \0", ContentKind::Markup),
            (b"<?xml version=\"1.0\"?><svg onload=\"alert(1)\">", ContentKind::Markup),
            (b"<!-- a --><svg>", ContentKind::Markup),
            (b"<?xml version=\"1.0\"?><score-partwise>", ContentKind::Other),
            (b"Aufgabe 1: a < b", ContentKind::Other),
            (b"", ContentKind::Other),
        ] {
            assert_eq!(ContentKind::of(head), kind, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_name_that_says_something_else_is_not_believed() {
        assert!(ContentKind::Png.is_sharable_as(&name("Bild.PNG")));
        assert!(!ContentKind::Markup.is_sharable_as(&name("Bild.png")));
        assert!(!ContentKind::Jpeg.is_sharable_as(&name("Bild.png")));
        assert!(!ContentKind::Other.is_sharable_as(&name("Arbeit.pdf")));
        assert!(ContentKind::Zip.is_sharable_as(&name("Arbeit.docx")));
        assert!(ContentKind::Other.is_sharable_as(&name("Notizen.txt")));
        assert!(!ContentKind::Other.is_sharable_as(&name("Spiel.exe")));
        assert!(!ContentKind::Program.is_sharable_as(&name("Notizen.txt")));
        assert!(!ContentKind::Markup.is_sharable_as(&name("Notizen.txt")));
    }

    #[test]
    fn only_pictures_that_run_nothing_are_slides() {
        let all = [ContentKind::Gif, ContentKind::Pdf, ContentKind::Markup, ContentKind::Other];
        assert!(all.iter().all(|kind| !kind.is_slide()));
        assert!(
            [ContentKind::Png, ContentKind::Jpeg, ContentKind::Webp].iter().all(|k| k.is_slide())
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(bytes: Vec<u8>) {
            let _ = ContentKind::of(&bytes);
        }
    }
}
