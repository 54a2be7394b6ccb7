import * as L from "leaflet";

/** What Leaflet keeps of the tiles of one zoom. */
interface Level {
  readonly zoom: number;
  origin: L.Point;
}

/** What Leaflet's type declarations leave out. */
interface Levels {
  _setZoomTransform: (level: Level, centre: L.LatLng, zoom: number) => void;
}

/**
 * A layer of tiles that begin at whole pixels of the screen, on a `tiledPlane`.
 *
 * Leaflet counts the places of a zoom's tiles from anywhere and rounds only where that is. Counted
 * from the corner of a tile, all of them lie at whole pixels.
 */
export class TileGrid extends L.GridLayer {
  protected _onCreateLevel(level: Level): void {
    const tile = this.getTileSize();
    level.origin = level.origin.unscaleBy(tile).round().scaleBy(tile);
    const map = this._map;
    (this as unknown as Levels)._setZoomTransform(level, map.getCenter(), map.getZoom());
  }
}
