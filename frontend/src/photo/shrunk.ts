/** Longest side in pixels that is sent: more is not looked at. */
const LONGEST_PX = 2048;

const QUALITY = 0.92;

/**
 * Return a photograph as a JPEG that is large enough, upright and without where it was taken.
 *
 * What this browser cannot read is returned as it is: the server says what it is.
 */
export async function shrunk(photograph: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(photograph).catch(() => null);
  if (!bitmap) return photograph;
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return photograph;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const made = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", QUALITY);
  });
  return made ?? photograph;
}
