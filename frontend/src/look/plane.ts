/** How a picture of its own lies on the screen, in zooms of its pyramid. */
export interface PicturePlane {
  readonly width: number;
  readonly height: number;
  /** At this zoom a pixel of the picture is one of the screen. */
  readonly maxZoom: number;
}

/** Zoom at which a picture fits into a window; between zooms, and never past its pixels. */
export function wholeZoom(
  { width, height, maxZoom }: PicturePlane,
  room: { x: number; y: number },
): number {
  const share = Math.min(room.x / width, room.y / height);
  return maxZoom + Math.min(Math.log2(Math.max(share, Number.MIN_VALUE)), 0);
}

/** The size of a tile: those at the right and at the bottom end where the picture ends. */
export function tileSize(
  { width, height, maxZoom }: PicturePlane,
  tilePx: number,
  at: { x: number; y: number; z: number },
): { w: number; h: number } {
  const [w, h] = [width, height].map((side) => Math.ceil(side / 2 ** (maxZoom - at.z)));
  return {
    w: Math.max(0, Math.min(tilePx, (w ?? 0) - at.x * tilePx)),
    h: Math.max(0, Math.min(tilePx, (h ?? 0) - at.y * tilePx)),
  };
}
