//! Stream codes: MoQT's are small numbers; inside WebTransport they are mapped into the code space
//! of HTTP/3 (draft-ietf-webtrans-http3, section 4.3).

use quinn::VarInt;

const FIRST: u64 = 0x52e4_a40f_a8db;

/// How a stream's codes look on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeSpace {
    /// As they are.
    Quic,
    /// Mapped, with gaps where HTTP/3 reserves code points.
    Http3,
}

impl CodeSpace {
    pub(crate) fn encode(self, code: u32) -> VarInt {
        let code = u64::from(code);
        match self {
            Self::Quic => VarInt::from_u64(code).unwrap_or(VarInt::MAX),
            Self::Http3 => VarInt::from_u64(FIRST + code + code / 0x1e).unwrap_or(VarInt::MAX),
        }
    }

    /// The MoQT code, or `None` for one that is no code of the application.
    pub(crate) fn decode(self, wire: VarInt) -> Option<u32> {
        let wire = wire.into_inner();
        match self {
            Self::Quic => u32::try_from(wire).ok(),
            Self::Http3 => {
                let shifted = wire.checked_sub(FIRST)?;
                u32::try_from(shifted - shifted / 0x1f).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_both_spaces_and_avoid_reserved_points() {
        for code in (0..2000).chain([u32::MAX]) {
            assert_eq!(CodeSpace::Quic.decode(CodeSpace::Quic.encode(code)), Some(code));
            let wire = CodeSpace::Http3.encode(code);
            assert_eq!(CodeSpace::Http3.decode(wire), Some(code));
            assert_ne!((wire.into_inner() - 0x21) % 0x1f, 0, "{code} met a reserved code point");
        }
    }
}
