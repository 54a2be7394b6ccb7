import { drawn } from "./drawn";

const QUALITY = 0.92;

/**
 * Return a photograph as a JPEG that is large enough, upright and without where it was taken.
 *
 * What this browser cannot read is returned as it is: the server says what it is.
 */
export async function shrunk(photograph: Blob): Promise<Blob> {
  const canvas = await drawn(photograph);
  return (canvas && (await asJpeg(canvas))) ?? photograph;
}

/** Return what a canvas shows as a JPEG; null if the browser cannot. */
export function asJpeg(canvas: HTMLCanvasElement, quality = QUALITY): Promise<Blob | null> {
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", quality);
  });
}
