import type { Sprite } from "../data/points";

/**
 * Return the sprite at a point, or null.
 *
 * Of the sprites that hold the point the one whose centre is nearest, measured
 * in its own size, is taken; of others the one whose edge is nearest, if it is
 * within `reach`. All in pixels at the highest zoom.
 */
export function hit(
  sprites: readonly Sprite[],
  x: number,
  y: number,
  reach: number,
): Sprite | null {
  let best: Sprite | null = null;
  let bestRank = Infinity;
  for (const sprite of sprites) {
    const rank = rankOf(sprite, x, y);
    if (rank < bestRank) [best, bestRank] = [sprite, rank];
  }
  return bestRank - 1 <= reach ? best : null;
}

/** In [0, 1] inside the sprite; outside 1 + the distance to its edge. */
function rankOf(sprite: Sprite, x: number, y: number): number {
  const dx = Math.abs(x - sprite.x);
  const dy = Math.abs(y - sprite.y);
  const outside = Math.hypot(Math.max(dx - sprite.w / 2, 0), Math.max(dy - sprite.h / 2, 0));
  if (outside > 0) return 1 + outside;
  return Math.max(dx / Math.max(sprite.w / 2, 0.5), dy / Math.max(sprite.h / 2, 0.5));
}
