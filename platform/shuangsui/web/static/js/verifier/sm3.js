// SM3 (GB/T 32905-2016). No browser offers it.

import { digest } from "./blocks.js";

export const INITIAL = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
);
const turn = (x, n) => (x << n) | (x >>> (32 - n));
const T = Int32Array.from({ length: 64 }, (_, j) => turn(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));
const W = new Int32Array(68);

function expand(block) {
  for (let j = 0; j < 16; j++) W[j] = block[j];
  for (let j = 16; j < 68; j++) {
    const x = W[j - 16] ^ W[j - 9] ^ turn(W[j - 3], 15);
    W[j] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(W[j - 13], 7) ^ W[j - 6];
  }
}

/** One block of 16 words into the 8 words of `state`. */
export function compress(state, block) {
  expand(block);
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let j = 0; j < 64; j++) {
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const a12 = turn(a, 12);
    const ss1 = turn((a12 + e + T[j]) | 0, 7);
    const tt1 = (ff + d + (ss1 ^ a12) + (W[j] ^ W[j + 4])) | 0;
    const tt2 = (gg + h + ss1 + W[j]) | 0;
    d = c;
    c = turn(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = turn(f, 19);
    f = e;
    e = tt2 ^ turn(tt2, 9) ^ turn(tt2, 17);
  }
  state[0] ^= a;
  state[1] ^= b;
  state[2] ^= c;
  state[3] ^= d;
  state[4] ^= e;
  state[5] ^= f;
  state[6] ^= g;
  state[7] ^= h;
}

export const sm3 = (bytes) => digest(bytes, INITIAL, compress);
