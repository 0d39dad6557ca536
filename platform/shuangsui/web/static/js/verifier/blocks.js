// What SHA-256 and SM3 share: 64-byte blocks of big-endian words, and the padding.

const block = new Int32Array(16);
const tail = new Uint8Array(128); // the last one or two blocks
const tailView = new DataView(tail.buffer);

/** Digest of any number of bytes. `compress(state, block)` folds 16 words into the 8 words of `state`. */
export function digest(bytes, initial, compress) {
  const view = new DataView(new ArrayBuffer(32));
  digestWords(bytes, initial, compress).forEach((word, i) => view.setInt32(4 * i, word));
  return new Uint8Array(view.buffer);
}

/** The same as 8 words: a million ids are cheaper to compare so. */
export function digestWords(bytes, initial, compress) {
  const state = initial.slice();
  const whole = bytes.length - (bytes.length % 64);
  if (whole > 0) absorb(state, new DataView(bytes.buffer, bytes.byteOffset, whole), whole, compress);
  absorb(state, tailView, pad(bytes, whole), compress);
  return state;
}

function absorb(state, view, length, compress) {
  for (let at = 0; at < length; at += 64) {
    for (let i = 0; i < 16; i++) block[i] = view.getInt32(at + 4 * i);
    compress(state, block);
  }
}

/** Fill `tail`: rest of the message, the bit 1, zeros, length in bits; answers how long it is. */
function pad(bytes, whole) {
  const rest = bytes.length - whole;
  const length = rest < 56 ? 64 : 128;
  for (let i = 0; i < rest; i++) tail[i] = bytes[whole + i];
  tail.fill(0, rest, length);
  tail[rest] = 0x80;
  tailView.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
  tailView.setUint32(length - 4, bytes.length << 3);
  return length;
}
