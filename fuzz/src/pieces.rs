//! Bytes in pieces, as a transport may bring them.

/// How an input begins that also says in what pieces the rest comes.
const SIZES: usize = 4;

/// Takes the pieces' sizes from the beginning of an input: they are used in turn. `None` if the
/// input is too short to say.
pub(crate) fn split(input: &[u8]) -> Option<([u8; SIZES], &[u8])> {
    let (sizes, rest) = input.split_first_chunk()?;
    Some((*sizes, rest))
}

/// `bytes` in pieces of these sizes. Some are empty if a size is 0, but not all.
pub(crate) fn pieces(sizes: [u8; SIZES], bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let sizes = if sizes == [0; SIZES] { [1; SIZES] } else { sizes };
    let mut rest = bytes;
    sizes.into_iter().cycle().map_while(move |size| {
        let (piece, behind) = rest.split_at(usize::from(size).min(rest.len()));
        let is_more = !rest.is_empty();
        rest = behind;
        is_more.then_some(piece)
    })
}
