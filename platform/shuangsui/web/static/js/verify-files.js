// Where the files of a draw come from: the public folder of the draw, or the reader's own disk.

const TRANSCRIPT = /^(plan\.json|rows\.txt|ids\.txt|log\.jsonl|result\.json|openings\.json|checkpoint-\d+\.txt)$/;

/** Title and files of a published draw; `onProgress` hears the share of files that have arrived. */
export async function fetchDraw(folder, onProgress) {
  const index = await (await get(`${folder}index.json`)).json();
  const names = index.files.map(({ name }) => name).filter((name) => TRANSCRIPT.test(name));
  const files = new Map();
  await Promise.all(
    names.map(async (name) => {
      files.set(name, new Uint8Array(await (await get(`${folder}${name}`)).arrayBuffer()));
      onProgress(files.size / names.length);
    }),
  );
  return { title: index.title, files };
}

async function get(address) {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response;
}

/** Files the reader picked, under their names without folders. */
export async function readLocal(list) {
  const files = new Map();
  for (const file of list) files.set(file.name, new Uint8Array(await file.arrayBuffer()));
  return files;
}
