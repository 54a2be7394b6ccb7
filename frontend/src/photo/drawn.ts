/** Longest side in pixels that is looked at: more changes nothing. */
const LONGEST_PX = 2048;

/** Return a photograph upright, on white and small enough; null if it cannot be read. */
export async function drawn(photograph: Blob): Promise<HTMLCanvasElement | null> {
  const bitmap = await createImageBitmap(photograph).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
