// What SHA-256 and SM3 share: 64-byte blocks of big-endian words, and the padding.

const block = new Int32Array(16);

/** Digest of any number of bytes. `compress(state, block)` folds 16 words into the 8 words of `state`. */
export function digest(bytes, initial, compress) {
  const state = initial.slice();
  const whole = bytes.length - (bytes.length % 64);
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) absorb(state, source, at, compress);
  const tail = padding(bytes, whole);
  for (let at = 0; at < tail.byteLength; at += 64) absorb(state, tail, at, compress);
  return wordsToBytes(state);
}

function absorb(state, view, at, compress) {
  for (let i = 0; i < 16; i++) block[i] = view.getInt32(at + 4 * i);
  compress(state, block);
}

/** The last one or two blocks: rest of the message, the bit 1, zeros, length in bits. */
function padding(bytes, whole) {
  const rest = bytes.subarray(whole);
  const last = new Uint8Array(rest.length < 56 ? 64 : 128);
  last.set(rest);
  last[rest.length] = 0x80;
  const view = new DataView(last.buffer);
  view.setUint32(last.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(last.length - 4, bytes.length << 3);
  return view;
}

function wordsToBytes(words) {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => view.setInt32(4 * i, word));
  return new Uint8Array(view.buffer);
}
