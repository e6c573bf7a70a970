//! Files that everyone in a room can have.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ContentKind, FileName, UploadKey};
use crate::room::{ParticipantId, RawText, UnixMillis};

/// Counts a room's files from 1 on.
pub type FileId = u64;

/// A file that the room has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SharedFile {
    /// Which one.
    #[ts(type = "number")]
    pub id: FileId,
    /// What it is called; safe as the name of a file on any system.
    pub name: FileName,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// What its first bytes say that it is.
    pub kind: ContentKind,
    /// Who shared it.
    pub by: ParticipantId,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
}

/// What is asked about files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum FileAct {
    /// Share a file: the room asks for `upload/<key>` of whoever offers it.
    Offer {
        /// The upload.
        key: UploadKey,
        /// What the file is called.
        name: RawText,
        /// Bytes.
        #[ts(type = "number")]
        size: u64,
    },
    /// Give up an upload of one's own, also one of slides.
    Cancel {
        /// Which one.
        key: UploadKey,
    },
    /// Take a file away: one's own, or as a moderator any.
    Remove {
        /// Which one.
        #[ts(type = "number")]
        id: FileId,
    },
}

/// A change of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum FileChange {
    /// The room has another one.
    Added {
        /// Which.
        file: SharedFile,
    },
    /// One is gone.
    Removed {
        /// Which.
        #[ts(type = "number")]
        id: FileId,
    },
}
