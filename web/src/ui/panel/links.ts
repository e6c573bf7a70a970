/** Finds web addresses in a message. The text stays text: nothing of it is ever markup. */

export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "link"; readonly text: string; readonly url: string };

const ADDRESS = /https?:\/\/[^\s<>"']+/gi;
/** Ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}]+$/;

export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url !== null && url.username === "" && url.password === "") {
      found.push({ kind: "text", text: text.slice(end, match.index) }, { kind: "link", text: address, url: url.href });
      end = match.index + address.length;
    }
  }
  found.push({ kind: "text", text: text.slice(end) });
  return found.filter((piece) => piece.text !== "");
}
