//! Reads what a Yjs update of the notes says, in its first encoding, without doing it.
//!
//! Total and strict: of everything that the encoding has, only what notes are made of is read. So
//! nothing reaches other pages, or the merge, that was not looked at.

use serde::de::IgnoredAny;

/// The name of the one root that notes have.
const ROOT: &str = "notes";

/// What notes are made of.
const ELEMENTS: [&str; 7] = [
    "paragraph",
    "heading",
    "bullet_list",
    "ordered_list",
    "list_item",
    "check_item",
    "hard_break",
];

/// Bytes of the name of a mark or an attribute.
const KEY_BYTES_MAX: usize = 32;

/// Bytes of a mark's value, which is JSON.
const VALUE_BYTES_MAX: usize = 64;

/// Values of one attribute that a writer gave one after the other.
const VALUES_MAX: u32 = 64;

/// The update is not one of notes, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// One character or thing: who made it, and how many there were before of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) client: u32,
    pub(crate) clock: u32,
}

/// Some things in a row by one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Struct {
    pub(crate) id: Id,
    /// How many clocks it takes.
    pub(crate) len: u32,
    /// What it stands behind.
    pub(crate) origin: Option<Id>,
    /// What it stands before.
    pub(crate) right_origin: Option<Id>,
    /// What it is in, where that is told and is not the root.
    pub(crate) parent: Option<Id>,
    /// Whether it is an element or a text, which others can be in.
    pub(crate) is_type: bool,
}

/// Things that are gone: from the first one on, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deletion {
    pub(crate) from: Id,
    pub(crate) len: u32,
}

/// All that an update says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Said {
    pub(crate) structs: Vec<Struct>,
    pub(crate) deletions: Vec<Deletion>,
}

/// Reads a whole update. The work and the memory are bounded by its bytes.
pub(crate) fn read(update: &[u8]) -> Result<Said, Broken> {
    let mut reader = Reader(update);
    let mut said = Said::default();
    for _ in 0..reader.number()? {
        let count = reader.number()?;
        let mut id = reader.id()?;
        for _ in 0..count {
            let read = reader.structure(id)?;
            id.clock = id.clock.checked_add(read.len).ok_or(Broken)?;
            said.structs.push(read);
        }
    }
    for _ in 0..reader.number()? {
        let client = reader.number()?;
        for _ in 0..reader.number()? {
            let from = Id { client, clock: reader.number()? };
            let len = reader.length()?;
            from.clock.checked_add(len).ok_or(Broken)?;
            said.deletions.push(Deletion { from, len });
        }
    }
    if reader.0.is_empty() { Ok(said) } else { Err(Broken) }
}

/// What is left to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, Broken> {
        let (first, rest) = self.0.split_first().ok_or(Broken)?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, count: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Seven bits a byte, the lowest first. Clients, clocks and lengths all have 32 bits.
    fn number(&mut self) -> Result<u32, Broken> {
        let mut number = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).map_err(|_| Broken);
            }
        }
        Err(Broken)
    }

    /// A number of things, of which there is one at least.
    fn length(&mut self) -> Result<u32, Broken> {
        self.number().and_then(|len| if len == 0 { Err(Broken) } else { Ok(len) })
    }

    fn id(&mut self) -> Result<Id, Broken> {
        Ok(Id { client: self.number()?, clock: self.number()? })
    }

    fn text(&mut self) -> Result<&'a str, Broken> {
        let len = usize::try_from(self.number()?).map_err(|_| Broken)?;
        std::str::from_utf8(self.bytes(len)?).map_err(|_| Broken)
    }

    fn short_text(&mut self, bytes_max: usize) -> Result<&'a str, Broken> {
        self.text().and_then(|text| if text.len() <= bytes_max { Ok(text) } else { Err(Broken) })
    }

    fn structure(&mut self, id: Id) -> Result<Struct, Broken> {
        let info = self.byte()?;
        let mut read =
            Struct { id, len: 1, origin: None, right_origin: None, parent: None, is_type: false };
        if info == 0 {
            read.len = self.length()?;
            return Ok(read);
        }
        if info & 0x80 != 0 {
            read.origin = Some(self.id()?);
        }
        if info & 0x40 != 0 {
            read.right_origin = Some(self.id()?);
        }
        if info & 0xc0 == 0 {
            read.parent = self.parent()?;
            if info & 0x20 != 0 {
                self.short_text(KEY_BYTES_MAX)?;
            }
        }
        (read.is_type, read.len) = self.content(info & 0x1f)?;
        Ok(read)
    }

    /// None for the root.
    fn parent(&mut self) -> Result<Option<Id>, Broken> {
        match self.number()? {
            0 => self.id().map(Some),
            1 if self.text()? == ROOT => Ok(None),
            _ => Err(Broken),
        }
    }

    /// Whether others can be in it, and how many clocks it takes.
    fn content(&mut self, kind: u8) -> Result<(bool, u32), Broken> {
        match kind {
            1 => Ok((false, self.length()?)),
            4 => {
                let units = self.text()?.encode_utf16().count();
                let units = u32::try_from(units).map_err(|_| Broken)?;
                if units == 0 { Err(Broken) } else { Ok((false, units)) }
            }
            6 => {
                self.short_text(KEY_BYTES_MAX)?;
                let value = self.short_text(VALUE_BYTES_MAX)?;
                serde_json::from_str::<IgnoredAny>(value).map_err(|_| Broken)?;
                Ok((false, 1))
            }
            7 => match self.number()? {
                3 if ELEMENTS.contains(&self.text()?) => Ok((true, 1)),
                6 => Ok((true, 1)),
                _ => Err(Broken),
            },
            8 => {
                let count = self.length()?;
                for _ in 0..count.min(VALUES_MAX + 1) {
                    self.value()?;
                }
                if count <= VALUES_MAX { Ok((false, count)) } else { Err(Broken) }
            }
            _ => Err(Broken),
        }
    }

    /// The value of an attribute: nothing, a truth, a number or a short text.
    fn value(&mut self) -> Result<(), Broken> {
        match self.byte()? {
            120 | 121 | 126 | 127 => Ok(()),
            119 => self.short_text(VALUE_BYTES_MAX).map(|_| ()),
            123 => self.bytes(8).map(|_| ()),
            124 => self.bytes(4).map(|_| ()),
            // Of whole numbers the first byte has a sign and six bits; levels and places are small.
            125 => self.byte().and_then(|byte| if byte & 0x80 == 0 { Ok(()) } else { Err(Broken) }),
            _ => Err(Broken),
        }
    }
}
