/** Where one medium lies: centre and size in pixels at the highest zoom. */
export interface Sprite {
  row: number;
  x: number;
  y: number;
  w: number;
  h: number;
}
