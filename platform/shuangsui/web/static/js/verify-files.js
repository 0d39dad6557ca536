// Where the files of a draw come from: the public folder of the draw, or the reader's own disk.

import { isRead, ofBlob, pieces } from "./verifier/sources.js";

/** The server has no such draw, or the network broke off: nothing is known of the draw. */
export class Unreachable extends Error {}

/** Title and files of a published draw, as sources that fetch a file once it is wanted. */
export async function publishedDraw(folder) {
  const { title, files } = await reached(async () => (await get(`${folder}index.json`)).json());
  return { title, files: new Map(files.map(({ name, size }) => [name, remote(`${folder}${name}`, size)])) };
}

/** Files the reader picked, under their names without folders. */
export const localFiles = (list) => new Map([...list].map((file) => [file.name, ofBlob(file)]));

const remote = (address, size) => ({
  size,
  bytes: () => reached(async () => new Uint8Array(await (await get(address)).arrayBuffer())),
  async *chunks() {
    try {
      yield* pieces((await get(address)).body);
    } catch (error) {
      throw new Unreachable(address, { cause: error });
    }
  },
});

async function reached(work) {
  try {
    return await work();
  } catch (error) {
    throw new Unreachable("", { cause: error });
  }
}

async function get(address) {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response;
}

/** The same sources; `onShare` hears, a hundred times at most, what share has been read. */
export function counted(files, onShare) {
  const read = [...files].filter(([name]) => isRead(name));
  const total = read.reduce((sum, [, { size }]) => sum + size, 0);
  let [done, said] = [0, 0];
  const count = (bytes) => {
    done += bytes.length;
    const percent = Math.floor((100 * done) / total);
    if (percent > said) onShare((said = percent) / 100);
    return bytes;
  };
  return new Map(read.map(([name, source]) => [name, countedSource(source, count)]));
}

const countedSource = ({ size, bytes, chunks }, count) => ({
  size,
  bytes: async () => count(await bytes()),
  async *chunks() {
    for await (const chunk of chunks()) yield count(chunk);
  },
});
