/* Generated from src/wunderkammer/atlas/schemas.py by scripts/schema.py: change it there. */

/**
 * The JSON files of an atlas, format 1.
 */
export interface AtlasFiles {
  atlas: Atlas;
  dictionary: Dictionary;
  names: PlaceNameFile;
  /**
   * One file of cards.
   */
  chunk: Card[];
  marks: Marks;
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
   * How to cite it.
   */
  citation?: string;
  /**
   * Who publishes it.
   */
  publisher?: string;
  /**
   * The publisher's page, http or https, or empty.
   */
  website?: string;
  /**
   * A few words of welcome.
   */
  introduction?: string;
  /**
   * What visitors should know.
   */
  disclaimer?: string;
  appearance?: Appearance;
  /**
   * The texts in further languages, by their codes.
   */
  translations?: {
    [k: string]: Translation;
  };
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
  /**
   * Columns of numbers.
   */
  numbers?: NumberRef[];
  /**
   * Similar media, or null if they were not looked for.
   */
  neighbours?: Neighbours | null;
  /**
   * How a page finds by a photograph, or null if it cannot.
   */
  photograph?: PhotographSearch | null;
  /**
   * Names on the map, or null if no region has one.
   */
  names?: PlaceNames | null;
  /**
   * Words to find media by, or null if there is no text.
   */
  search?: Search | null;
  cards: Cards;
  /**
   * What the sources say, for exports; null in older atlases.
   */
  records?: RecordFile | null;
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
  /**
   * What a visitor may choose among; the first is the atlas itself.
   */
  layouts?: Layout[];
}
/**
 * How the page looks.
 */
export interface Appearance {
  /**
   * en or de; empty: the visitor's.
   */
  language?: string;
  /**
   * auto: what the visitor's device is set to.
   */
  theme?: "auto" | "light" | "dark";
  /**
   * An image, relative to atlas.json; or empty.
   */
  logo?: string;
  /**
   * Colours by their names in the page; empty for the page's own.
   */
  light?: {
    [k: string]: string;
  };
  /**
   * The same where the page is dark.
   */
  dark?: {
    [k: string]: string;
  };
}
/**
 * The texts of the collection in one more language; an empty one stays as it is.
 */
export interface Translation {
  /**
   * Name of the collection.
   */
  title?: string;
  /**
   * What it is; plain text.
   */
  description?: string;
  /**
   * How to cite it.
   */
  citation?: string;
  /**
   * A few words of welcome.
   */
  introduction?: string;
  /**
   * What visitors should know.
   */
  disclaimer?: string;
  /**
   * Names of layouts for people, by their names in addresses.
   */
  layout_titles?: {
    [k: string]: string;
  };
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
 * One typed array inside a binary file, little-endian, row-major.
 */
export interface Block {
  /**
   * What it holds; in points.bin index, x, y, w, h, id, code:<column> for a dictionary's codes, num:<column> for numbers, or rep:<zoom> and repbox:<zoom> for the representatives of a zoom.
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
   * Its Dictionary, relative to atlas.json; empty if it has too many values for one JSON file.
   */
  path: string;
  /**
   * Number of distinct values.
   */
  n: number;
  /**
   * Whether a row may have several values; its code is then that of the first.
   */
  several?: boolean;
  /**
   * Its values and their rows by range; null in older atlases.
   */
  values?: ValueFile | null;
}
/**
 * The distinct values of a column and the rows of each, in a binary file read by range.
 *
 * Value i, counted from 0, has code i + 1. Blocks: ``text`` the values in UTF-8, one
 * after another, sorted by bytes; ``text_at`` where each begins, and the end;
 * ``count`` the media of each; ``most`` the values with most media first;
 * ``rows`` a posting list of each; ``rows_at`` where each list begins, and the end;
 * ``page`` a JSON array of every ``page_values``-th value, from the first.
 */
export interface ValueFile {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * Values from one entry of block page to the next.
   */
  page_values: number;
  /**
   * The arrays in the file.
   */
  blocks: Block[];
}
/**
 * A column of numbers, in block ``num:<column>`` of points.bin.
 *
 * Whole numbers that are at most 65,534 apart are uint16: 0 is no value, c is
 * ``minimum + c - 1``. Others are float32, and NaN is no value.
 */
export interface NumberRef {
  /**
   * Name of the column, such as year.
   */
  column: string;
  /**
   * Its name for people, such as Year.
   */
  label: string;
  /**
   * Media that have a value.
   */
  n: number;
  /**
   * The least value.
   */
  minimum: number;
  /**
   * The greatest value.
   */
  maximum: number;
  /**
   * Width of a bin; bin i counts from minimum + i * bin_width, excluding its end.
   */
  bin_width: number;
  /**
   * Media in each bin; one of a range counts in each bin of it by a share.
   */
  bins: number[];
  /**
   * Whether a value may be a range: block num:<column>:last then tells its end, coded the same.
   */
  ranges?: boolean;
  /**
   * Media whose value their source calls approximate, as ca. 1904.
   */
  approximate?: number;
}
/**
 * The most similar media of each, nearest first: k row numbers (uint32) a row.
 *
 * Row r is the ``4 * k`` bytes from ``4 * k * r``. 4294967295 fills up where there
 * are fewer than k.
 */
export interface Neighbours {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * Entries of each row.
   */
  k: number;
}
/**
 * What a page needs to tell which media are like a visitor's photograph, by itself.
 */
export interface PhotographSearch {
  encoder: EncoderFile;
  alike: Alike;
  /**
   * Which picture of the media it looked at.
   */
  picture: "image" | "cutout" | "upright";
}
/**
 * Looks at the photograph.
 */
export interface EncoderFile {
  /**
   * The ONNX file, relative to atlas.json.
   */
  path: string;
  /**
   * Its length.
   */
  n_bytes: number;
  /**
   * The encoder's name.
   */
  name: string;
  /**
   * Length of the vectors.
   */
  n_features: number;
  /**
   * Side of the square that it looks at.
   */
  side_px: number;
  /**
   * Of each colour, of values in [0, 1].
   */
  mean: number[];
  /**
   * The same.
   */
  std: number[];
  /**
   * area: the mean over the area where it shrinks, bilinear where it grows; the others as Pillow has them.
   */
  interpolation: "area" | "nearest" | "bilinear" | "bicubic" | "lanczos";
  /**
   * The whole image on a colour, its middle, or the whole without its aspect.
   */
  fit: "pad" | "crop" | "squash";
  /**
   * The colour; edge: the median of the image's own edge.
   */
  padding: "white" | "grey" | "black" | "edge";
  /**
   * crop brings the shorter side to so many pixels first; 0: to side_px.
   */
  shortest_px: number;
}
/**
 * What it saw of the media.
 */
export interface Alike {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * Number of entries.
   */
  n: number;
  /**
   * Cells that are read for one vector.
   */
  n_read: number;
  /**
   * Share of the ten media truly most alike that are then found, measured.
   */
  recall: number;
  /**
   * The arrays in the file.
   */
  blocks: Block[];
}
/**
 * Names to write on the map at low zooms.
 */
export interface PlaceNames {
  /**
   * Template with {zoom}, of PlaceNameFiles; relative to atlas.json.
   */
  path: string;
  /**
   * Zooms that have names, lowest first.
   */
  zooms: number[];
}
/**
 * How texts are made into words, and the indexes of words.
 *
 * A text is brought to Unicode NFKD, then to lower case; marks (category M) are
 * dropped, each letter in ``folds`` is replaced; what lies between characters that
 * are neither letters nor numbers is a word, of which the first ``max_letters`` count.
 */
export interface Search {
  /**
   * Letters and what they are replaced by.
   */
  folds: {
    [k: string]: string;
  };
  /**
   * Characters of a word that count.
   */
  max_letters: number;
  /**
   * Those to look in first stand first.
   */
  indexes: SearchIndex[];
}
/**
 * Words of some columns, sorted, and where they occur, in a binary file read by range.
 *
 * Blocks: ``shard`` the entries, cut into shards; ``shard_at`` where each shard
 * begins, and the end; ``shard_word`` the number of each shard's first word;
 * ``first`` a JSON array of each shard's first word; ``list`` posting lists that are
 * too long for an entry. With ``n_grams``: ``gram`` posting lists of word numbers,
 * ``gram_at`` where each begins, and the end.
 */
export interface SearchIndex {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * What is in it: values, texts or identifiers.
   */
  name: string;
  /**
   * Number of distinct words.
   */
  n_words: number;
  /**
   * The columns, by the numbers in the entries.
   */
  fields: SearchField[];
  /**
   * Posting lists up to this size stand in the entry.
   */
  inline_bytes: number;
  /**
   * Number of classes of three letters in a row; 0 if there is no such block.
   */
  n_grams: number;
  /**
   * The arrays in the file.
   */
  blocks: Block[];
}
/**
 * A column whose words are in a search index.
 */
export interface SearchField {
  /**
   * Name of the column, such as locality.
   */
  column: string;
  /**
   * Its name for people, such as Locality.
   */
  label: string;
  /**
   * dictionary: lists tell values of the column's dictionary, from 0; text: rows.
   */
  kind: "dictionary" | "text";
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
 * What the sources say of each medium, for exports, in a binary file read by range.
 *
 * The columns lie in ``groups``, each with a page for every ``per_page`` rows; ``media_id``
 * is in none of them, but in block ``id`` of points.bin. A page is packed by gzip: a JSON
 * object of columns by name, those without any text left out. A column has ``values``,
 * distinct texts, and ``codes``, the place of each row's text among them; without ``codes``
 * a text for each row, or one for all. Or it has ``letters``: the first letters of all rows'
 * texts, then the second ones, and so on, one where all are the same; spaces at the end of
 * a text fill up.
 *
 * In older atlases there are no groups: blocks ``page`` and ``page_at`` hold all columns,
 * ``media_id`` too.
 */
export interface RecordFile {
  /**
   * The binary file, relative to atlas.json.
   */
  path: string;
  /**
   * Number of rows.
   */
  n: number;
  /**
   * Rows in a page; row r is in page r // per_page.
   */
  per_page: number;
  /**
   * Terms of Darwin Core and Audiovisual Core, in the order of an export.
   */
  columns: string[];
  /**
   * Which columns are told together; none in older atlases.
   */
  groups?: RecordGroup[];
  /**
   * Template of each medium's picture with {head}, the first two digits of its media_id, and {id}; relative to atlas.json.
   */
  picture: string;
  /**
   * The arrays in the file.
   */
  blocks: Block[];
}
/**
 * Columns of ``records.bin`` that are told in the same pages.
 *
 * Block ``page:<name>`` holds their pages, ``page_at:<name>`` where each begins, and the end.
 */
export interface RecordGroup {
  /**
   * main: by which media are named, found and cited; more: all others.
   */
  name: string;
  /**
   * Which these are, in the order of an export.
   */
  columns: string[];
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
 * One of the layouts that a visitor may choose among.
 */
export interface Layout {
  /**
   * Its name in addresses; letters, digits and ._- alone.
   */
  name: string;
  /**
   * Its name for people; empty: say what its method is.
   */
  title: string;
  /**
   * How sprites are placed, such as relax or timeline.
   */
  method: string;
  /**
   * Its Marks, relative to atlas.json; null if nothing is written on it.
   */
  marks: string | null;
  /**
   * Its map; null for the first, whose map is that of the atlas itself.
   */
  plane: Plane | null;
}
/**
 * The map of a further layout: the fields of the atlas that are others there.
 *
 * Its rows are not those of the atlas. ``points.bin`` of a plane has no ids, codes and
 * numbers, and two blocks more: ``row``, uint32, the row in the atlas of each row of the
 * plane; and ``at``, uint32, the row in the plane of each row of the atlas. 4294967295
 * stands for none.
 */
export interface Plane {
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
  tiles: Tiles1;
  points: Points1;
  /**
   * How the layout was made.
   */
  steps: Step[];
}
/**
 * The raster pyramid.
 */
export interface Tiles1 {
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
 * Positions, sizes and rows, in Z-order of this layout.
 */
export interface Points1 {
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
 * The names of one zoom, the heaviest first; drawn at their size they do not overlap.
 */
export interface PlaceNameFile {
  /**
   * They are meant for this zoom and up to the next.
   */
  zoom: number;
  /**
   * By weight.
   */
  names: PlaceName[];
}
/**
 * What the media of a region have in common, written on the map.
 */
export interface PlaceName {
  /**
   * The name, such as a family; plain text.
   */
  value: string;
  /**
   * The column whose value it is, such as family.
   */
  column: string;
  /**
   * Where its middle stands, in pixels at max_zoom.
   */
  x: number;
  /**
   * The same from the top.
   */
  y: number;
  /**
   * Media of the region that have this value.
   */
  n: number;
}
/**
 * What a visitor reads about one medium. Empty texts are unknown; all is plain text.
 *
 * Fields with a default are left out of the files where they have it.
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
   * The same for programs, or null if it could not be read.
   */
  when?: When | null;
  /**
   * Common name, where the title is another.
   */
  common?: string;
  /**
   * Further fields, in the order of the configuration.
   */
  facts: Fact[];
  /**
   * The image, or null if there is none.
   */
  picture: Picture | null;
  /**
   * The specimen cut out or turned upright, or null if there is none.
   */
  upright?: Picture | null;
  /**
   * Rows of further media of the same specimen, some at most.
   */
  siblings?: number[];
  credit: Credit;
  /**
   * The source's record of it, http or https, or empty.
   */
  link: string;
  /**
   * How the source wants the record to be cited.
   */
  citation?: string;
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
  /**
   * Column that holds the taxon, to ask for it where that is a dictionary; or empty.
   */
  column?: string;
  /**
   * What the column holds where that is not the name: with its author.
   */
  value?: string;
}
/**
 * A date or a span of time; years, months and days in ISO 8601 as far as they are known.
 */
export interface When {
  /**
   * First day, month or year, such as 1979-02.
   */
  start: string;
  /**
   * Last day, month or year; equal to start for a single date.
   */
  end: string;
  /**
   * Whether the source says so.
   */
  approximate?: boolean;
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
/**
 * What is written on the map of a layout; its first ones are the widest.
 */
export interface Marks {
  /**
   * In the order in which they matter.
   */
  marks: Mark[];
}
/**
 * Something to read beside the sprites of a layout; in pixels at max_zoom.
 *
 * A line has no width or no height.
 */
export interface Mark {
  /**
   * block: a rectangle with media that belong together; tick: an upright line of a scale; parallel, meridian: a line of latitude, of longitude.
   */
  kind: "block" | "tick" | "parallel" | "meridian";
  /**
   * What is written there; plain text.
   */
  text: string;
  /**
   * Left edge.
   */
  x: number;
  /**
   * Top edge.
   */
  y: number;
  /**
   * Width.
   */
  width: number;
  /**
   * Height.
   */
  height: number;
  /**
   * Of a block: rank of the taxon.
   */
  rank?: string;
  /**
   * Of a block: media in it.
   */
  n_media?: number;
}

/** The highest format of an atlas that this page reads. */
export const FORMAT = 1;
