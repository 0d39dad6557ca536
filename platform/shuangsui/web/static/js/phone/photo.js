// Photographs: made smaller on the phone, then sent like everything else.

import { t } from "../words.js";
import { put } from "./store.js";

const LONGEST = 1600;
const QUALITY = 0.85;

/** Base64 of a Blob. */
export const base64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

async function smaller(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** Puts a photograph of a task into the outbox; answers what to say of it. */
export async function photographed(record, file, note) {
  let blob;
  try {
    blob = await smaller(file);
  } catch {
    return t("这张照片打不开，请换一张。");
  }
  const at = new Date().toISOString();
  const name = `${at.slice(0, 19).replace(/[-:T]/g, "")}.jpg`;
  const path = `/api/tasks/${encodeURIComponent(record.no)}/evidence`;
  const body = { file: { name, data: await base64(blob) }, note };
  const about = t("{object} 照片", record);
  await put("outbox", { who: record.who, kind: "photo", no: record.no, about, at, path, body });
  return t("照片已放入待送内容");
}
