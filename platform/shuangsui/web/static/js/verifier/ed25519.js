// Ed25519 verification (RFC 8032 section 5.1.7, without cofactor, S < L, canonical A and R).

import { concat } from "./bytes.js";
import { sha512 } from "./sha512.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (x, m = P) => ((x % m) + m) % m;

function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

/** Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z. */
const point = (x, y) => [x, y, 1n, (x * y) % P];
const NEUTRAL = point(0n, 1n);

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(scalar, base) {
  let result = NEUTRAL;
  for (let double = base, s = scalar; s > 0n; s >>= 1n) {
    if (s & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

function fromLittleEndian(bytes) {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** The x of a y with the wanted lowest bit, or null if y is on no point. */
function recoverX(y, sign) {
  const x2 = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(x2, (P + 3n) / 8n);
  if (mod(x * x - x2) !== 0n) x = (x * ROOT_OF_MINUS_ONE) % P;
  if (mod(x * x - x2) !== 0n || (x === 0n && sign === 1n)) return null;
  return (x & 1n) === sign ? x : P - x;
}

function decodePoint(bytes) {
  const number = fromLittleEndian(bytes);
  const y = number & (2n ** 255n - 1n);
  const x = y < P ? recoverX(y, number >> 255n) : null;
  return x === null ? null : point(x, y);
}

/** The 32 bytes of a point as one little-endian number: y, and the lowest bit of x on top. */
function encodePoint([x, y, z]) {
  const inverse = power(z, P - 2n);
  return mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
}

const BASE_Y = mod(4n * power(5n, P - 2n));
const BASE = point(recoverX(BASE_Y, 0n), BASE_Y);

/** Whether the 64 bytes of `signature` sign `message` under the 32 bytes of `key`. */
export function verifySignature(key, message, signature) {
  const publicPoint = decodePoint(key);
  const s = fromLittleEndian(signature.subarray(32));
  if (publicPoint === null || s >= L) return false;
  const challenge = fromLittleEndian(sha512(concat(signature.subarray(0, 32), key, message))) % L;
  const [x, y, z, t] = publicPoint;
  const difference = add(multiply(s, BASE), multiply(challenge, [mod(-x), y, z, mod(-t)]));
  return encodePoint(difference) === fromLittleEndian(signature.subarray(0, 32));
}
