import { Bitmap } from "./bitmap";

/** Load a picture; the promise fails if it cannot be had. */
export async function loadImage(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** Return RGBA of a picture drawn at a size. */
export function pixelsOf(image: CanvasImageSource, width: number, height: number) {
  const context = sheet(width, height);
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

/** Return the mask that a picture holds: light is specimen. */
export function bitmapOf(image: CanvasImageSource, width: number, height: number): Bitmap {
  const pixels = pixelsOf(image, width, height);
  const bitmap = new Bitmap(width, height);
  for (let i = 0; i < bitmap.data.length; i++) bitmap.data[i] = (pixels[4 * i] ?? 0) >= 128 ? 1 : 0;
  return bitmap;
}

/** Return a mask as PNG: white is specimen. */
export async function pngOf(bitmap: Bitmap): Promise<Blob> {
  const context = sheet(bitmap.width, bitmap.height);
  const image = context.createImageData(bitmap.width, bitmap.height);
  new Uint32Array(image.data.buffer).forEach((_, i, words) => {
    // black and white, both opaque, on machines of either byte order
    words[i] = bitmap.data[i] ? 0xffffffff : OPAQUE_BLACK;
  });
  context.putImageData(image, 0, 0);
  return new Promise((resolve, reject) => {
    context.canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("the browser made no PNG of the mask"));
    }, "image/png");
  });
}

const OPAQUE_BLACK = new Uint32Array(new Uint8Array([0, 0, 0, 255]).buffer)[0] ?? 0;

/** Return the context of a new canvas that is never shown. */
export function sheet(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("the browser has no canvas to draw on");
  return context;
}
