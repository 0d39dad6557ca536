// The files of a transcript: whole where they are small, piece by piece where they have a line per object.

const WHOLE = /^(plan\.json|log\.jsonl|result\.json|openings\.json|checkpoint-[0-9]+\.txt|receipt-.*\.json)$/;
const STREAMED = /^(rows|ids)\.txt$/;

/** Whether a verification reads this file at all. */
export const isRead = (name) => WHOLE.test(name) || STREAMED.test(name);

/** A source is `{size, bytes(), chunks()}`; this one is on disk. */
export const ofBlob = (blob) => ({
  size: blob.size,
  bytes: async () => new Uint8Array(await blob.arrayBuffer()),
  chunks: () => pieces(blob.stream()),
});

/** The pieces of a stream; whoever stops listening ends the transfer. */
export async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    await reader.cancel();
  }
}

/** Sources by name, parted: `files` with the bytes of the small ones, `streams` with the sources of the others. */
export async function partSources(sources) {
  const whole = [...sources].filter(([name]) => WHOLE.test(name));
  const files = await Promise.all(whole.map(async ([name, source]) => [name, await source.bytes()]));
  return { files: new Map(files), streams: new Map([...sources].filter(([name]) => STREAMED.test(name))) };
}
