/* Generated from src/wunderkammer/atlas/schemas.py by scripts/schema.py: change it there. */

/**
 * The JSON files of an atlas, format 1.
 */
export interface AtlasFiles {
  atlas: Atlas;
  dictionary: Dictionary;
  /**
   * One file of cards.
   */
  chunk: Card[];
}
/**
 * The entry point, ``atlas.json``.
 */
export interface Atlas {
  /**
   * Version of this format.
   */
  format: 1;
  /**
   * Name of the collection.
   */
  title: string;
  /**
   * What it is, from whom; plain text.
   */
  description: string;
  /**
   * Media on the map.
   */
  n_media: number;
  /**
   * Width of the laid-out area in pixels at max_zoom.
   */
  width: number;
  /**
   * Height of the laid-out area in pixels at max_zoom.
   */
  height: number;
  /**
   * Left edge of that area in the square of the pyramid.
   */
  left: number;
  /**
   * Top edge of that area in the square of the pyramid.
   */
  top: number;
  /**
   * Longest side of a normal sprite in pixels at max_zoom.
   */
  sprite_px: number;
  tiles: Tiles;
  points: Points;
  ids: IdTable;
  /**
   * Columns with distinct values.
   */
  dictionaries: DictionaryRef[];
  cards: Cards;
  /**
   * Licence mix, most frequent first.
   */
  licences: LicenceCount[];
  /**
   * How it was made.
   */
  steps: Step[];
  /**
   * Name and version of the software.
   */
  generator: string;
}
/**
 * The raster pyramid.
 */
export interface Tiles {
  /**
   * One PMTiles file read by range, or one file a tile.
   */
  container: "pmtiles" | "directory";
  /**
   * The PMTiles file, or a template with {z}, {x} and {y}; relative to atlas.json.
   */
  path: string;
  /**
   * The same with twice the pixels a tile (@2x), or null if there is none.
   */
  retina_path: string | null;
  /**
   * Format of every tile.
   */
  media_type: "image/jpeg" | "image/webp" | "image/png" | "image/avif";
  /**
   * Edge of a tile in pixels at 1x.
   */
  tile_px: number;
  /**
   * Lowest zoom; 0 shows the whole atlas in one tile.
   */
  min_zoom: number;
  /**
   * Highest zoom with tiles; one pixel is one pixel of points.
   */
  max_zoom: number;
  /**
   * Colour where no tile is stored, such as #ffffff, or transparent.
   */
  background: string;
}
/**
 * Positions, sizes, ids and codes.
 */
export interface Points {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * Number of rows.
   */
  n: number;
  /**
   * Zoom of the tiles that block index counts.
   */
  index_zoom: number;
  /**
   * The arrays in the file.
   */
  blocks: Block[];
  /**
   * Zooms that have representatives, lowest first; may be none.
   */
  representatives?: Representatives[];
}
/**
 * One typed array inside ``points.bin``, little-endian, row-major.
 */
export interface Block {
  /**
   * index, x, y, w, h, id, code:<column> for a dictionary's codes, or rep:<zoom> and repbox:<zoom> for the representatives of a zoom.
   */
  name: string;
  /**
   * Type of a number.
   */
  dtype: "uint8" | "uint16" | "uint32" | "float32";
  /**
   * Rows, and numbers a row where there are several.
   */
  shape: number[];
  /**
   * First byte in the file; a multiple of 64.
   */
  offset: number;
  /**
   * Length in bytes.
   */
  n_bytes: number;
}
/**
 * Media that the tiles of one zoom show larger than they are, on top of all else.
 *
 * Block ``rep:<zoom>`` holds their rows, ascending; block ``repbox:<zoom>`` the
 * box of each as it is drawn: left, top, width, height in pixels at max_zoom.
 * Those of one zoom do not overlap. Lower zooms show them too, shrunken with all
 * else: on a tile of zoom z the representatives of z are on top, below them
 * those of z + 1 and so on, and the sprites in their own sizes at the bottom.
 */
export interface Representatives {
  /**
   * Zoom of the tiles they are drawn on.
   */
  zoom: number;
  /**
   * No box reaches further from the centre of its medium, along x or y, in pixels at max_zoom.
   */
  reach: number;
}
/**
 * Look-up by id.
 */
export interface IdTable {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * Number of entries.
   */
  n: number;
  /**
   * Bytes of one entry: 14.
   */
  entry_bytes: number;
  /**
   * Bytes of an id: 10.
   */
  id_bytes: number;
}
/**
 * A column whose distinct values are listed once and coded by row.
 */
export interface DictionaryRef {
  /**
   * Name of the column, such as genus.
   */
  column: string;
  /**
   * Its name for people, such as Genus.
   */
  label: string;
  /**
   * Its Dictionary, relative to atlas.json.
   */
  path: string;
  /**
   * Number of distinct values.
   */
  n: number;
}
/**
 * What a visitor reads.
 */
export interface Cards {
  /**
   * Template with {chunk}; relative to atlas.json.
   */
  path: string;
  /**
   * Cards in each file; row r is in chunk r // per_chunk.
   */
  per_chunk: number;
}
/**
 * How many media carry a licence.
 */
export interface LicenceCount {
  /**
   * Short name, or empty for none stated.
   */
  licence: string;
  /**
   * Number of media.
   */
  n: number;
}
/**
 * One stage of how the atlas was made.
 */
export interface Step {
  /**
   * Name, with its label where it has one.
   */
  stage: string;
  /**
   * Version of the stage.
   */
  version: string;
  /**
   * Settings that changed the result.
   */
  settings: {
    [k: string]: unknown;
  };
  /**
   * Measured figures, such as trustworthiness.
   */
  quality: {
    [k: string]: number;
  };
}
/**
 * The distinct values of a column; code 0 is no value, code i is values[i - 1].
 */
export interface Dictionary {
  /**
   * Name of the column.
   */
  column: string;
  /**
   * Sorted by value.
   */
  values: Value[];
}
/**
 * One distinct value of a column.
 */
export interface Value {
  /**
   * The value as text.
   */
  value: string;
  /**
   * Media that have it.
   */
  count: number;
}
/**
 * What a visitor reads about one medium. Empty texts are unknown; all is plain text.
 */
export interface Card {
  /**
   * media_id, 20 hexadecimal digits.
   */
  id: string;
  /**
   * Scientific name without its author, or a title.
   */
  title: string;
  /**
   * Author of the scientific name.
   */
  author: string;
  /**
   * From the highest rank to the lowest.
   */
  classification: Rank[];
  /**
   * Locality and country.
   */
  place: string;
  /**
   * Decimal degrees, WGS 84.
   */
  latitude: number | null;
  /**
   * Decimal degrees, WGS 84.
   */
  longitude: number | null;
  /**
   * For people, such as 3 February 1979.
   */
  date: string;
  /**
   * Further fields, in the order of the configuration.
   */
  facts: Fact[];
  /**
   * The image, or null if there is none.
   */
  picture: Picture | null;
  credit: Credit;
  /**
   * The source's record of it, http or https, or empty.
   */
  link: string;
}
/**
 * One step of a classification.
 */
export interface Rank {
  /**
   * Darwin Core name of the rank, such as family.
   */
  rank: string;
  /**
   * The taxon.
   */
  name: string;
}
/**
 * One further line on a card.
 */
export interface Fact {
  /**
   * Name of the column, such as recordedBy.
   */
  term: string;
  /**
   * Its name for people, such as Collector.
   */
  label: string;
  /**
   * The value as text; never HTML.
   */
  value: string;
}
/**
 * An image of the medium for its card.
 */
export interface Picture {
  /**
   * The image, relative to atlas.json.
   */
  path: string;
  /**
   * Width of the original; the file may be smaller, same shape.
   */
  width: number;
  /**
   * Height of the original in pixels.
   */
  height: number;
  /**
   * The picture at its full size in tiles, or null.
   */
  tiles?: PictureTiles | null;
}
/**
 * A picture's own pyramid, for zooming in past the atlas' last zoom.
 *
 * One PMTiles file. At zoom 0 the picture fits into one tile; at the highest, a pixel
 * is one of the picture, whose top left corner is that of tile 0, 0. Tiles at the
 * right and at the bottom end where the picture ends; one without any visible pixel
 * is not stored.
 */
export interface PictureTiles {
  /**
   * The PMTiles file, relative to atlas.json.
   */
  path: string;
  /**
   * Width of the picture at its highest zoom in pixels.
   */
  width: number;
  /**
   * Height of the picture at its highest zoom in pixels.
   */
  height: number;
  /**
   * Edge of a tile in pixels.
   */
  tile_px: number;
}
/**
 * Licence, rights holder, creator.
 */
export interface Credit {
  /**
   * Short name, such as CC BY 4.0, or the source's own words.
   */
  licence: string;
  /**
   * Address of the licence, http or https, or empty.
   */
  licence_url: string;
  /**
   * Who holds the rights.
   */
  rights_holder: string;
  /**
   * Who made the image.
   */
  creator: string;
}

/** The highest format of an atlas that this page reads. */
export const FORMAT = 1;
