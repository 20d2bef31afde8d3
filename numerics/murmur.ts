/**
 * MurmurHash3_x86_128 (Austin Appleby, public domain, smhasher/MurmurHash3.cpp), with the four lanes started from
 * four given words instead of one seed. It keys the random streams: for fixed bytes the map from the lanes at the
 * start to the digest is one-to-one, so two different parents never give the same child under the same name.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function finalMix(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** Four bytes, little endian, zero beyond the end. */
function word(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) if (at + i < bytes.length) value |= bytes[at + i] << (8 * i);
  return value;
}

/**
 * The 128-bit digest of `bytes`, its lanes started from `start`.
 *
 * Source: MurmurHash3_x86_128, which is the case of four equal words in `start` (its 32-bit seed).
 * Shapes: bytes [L], start [4], result [4] (a new array). Invariant: one-to-one in `start` for fixed bytes.
 */
export function murmur128(bytes: Uint8Array, start: Uint32Array): Uint32Array {
  let h1 = start[0] | 0;
  let h2 = start[1] | 0;
  let h3 = start[2] | 0;
  let h4 = start[3] | 0;
  for (let at = 0; at < bytes.length; at += 16) {
    // A zero word leaves its lane alone, so the reference's tail is this half of the block without the other.
    h1 ^= Math.imul(rotate(Math.imul(word(bytes, at), C1), 15), C2);
    const full = at + 16 <= bytes.length;
    if (full) h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(word(bytes, at + 4), C2), 16), C3);
    if (full) h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(word(bytes, at + 8), C3), 17), C4);
    if (full) h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(word(bytes, at + 12), C4), 18), C1);
    if (full) h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  h1 ^= bytes.length;
  h2 ^= bytes.length;
  h3 ^= bytes.length;
  h4 ^= bytes.length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h3 = finalMix(h3);
  h4 = finalMix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return Uint32Array.of(h1, h2, h3, h4);
}
