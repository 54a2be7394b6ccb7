/* Generated from src/wunderkammer/web/schemas.py by scripts/schema.py: change it there. */

/**
 * What the page for reviewing sends and gets.
 */
export interface ReviewMessages {
  session: Session;
  queue: Queue;
  medium: Medium;
  found: Found;
  statements: Statements;
  stated: Stated;
  examination: Examination;
  reasons: Reasons;
  names: NameList;
  liked: Liked;
  problem: Problem;
}
/**
 * Who reviews what.
 */
export interface Session {
  /**
   * Title of the collection.
   */
  title: string;
  /**
   * Whose name stands by what is stated.
   */
  who: string;
}
/**
 * A part of the media to review, in the order that was asked for.
 */
export interface Queue {
  /**
   * How many there are of those that were asked for.
   */
  n: number;
  /**
   * How many there are in all.
   */
  n_media: number;
  /**
   * How many of all a person has judged.
   */
  n_judged: number;
  /**
   * Place of the first one here.
   */
  offset: number;
  /**
   * The media.
   */
  media: Medium[];
}
/**
 * One medium to review. Its pictures have addresses that hold its id.
 */
export interface Medium {
  /**
   * media_id, 20 hexadecimal digits.
   */
  id: string;
  /**
   * The medium that it was cut out of, else its own id.
   */
  photograph: string;
  /**
   * The name of the species, or of the file; never HTML.
   */
  caption: string;
  /**
   * Name of the original file, or its catalogue number.
   */
  file: string;
  /**
   * Width of the photograph in pixels, upright by EXIF.
   */
  width: number;
  /**
   * Height of the photograph in pixels, upright by EXIF.
   */
  height: number;
  /**
   * Width of the photograph as the page gets it.
   */
  preview_width: number;
  /**
   * Height of the photograph as the page gets it.
   */
  preview_height: number;
  /**
   * How sure the stage was, in [0, 1]; null if it has not run.
   */
  confidence: number | null;
  /**
   * Why the medium needs a look; empty if it does not.
   */
  reason: string;
  /**
   * Whether no cut-out was made of it.
   */
  rejected: boolean;
  /**
   * 'person' or the plug-in that did it; empty if none has.
   */
  made_by: string;
  /**
   * Intersection over union of the machine's mask and the person's, where there are both.
   */
  agreement: number | null;
  /**
   * Whether a segmenter has looked at it.
   */
  has_machine_mask: boolean;
  /**
   * Its cut-outs; empty if there is none.
   */
  cutouts: Box[];
  /**
   * Whether it is one of several in its photograph.
   */
  is_part: boolean;
  /**
   * The angle that the stage upright undid, or null if it has not run.
   */
  turned_deg: number | null;
  /**
   * Why its label is asked about, or null.
   */
  issue: Issue | null;
  judgement: Judgement;
}
/**
 * Where a cut-out lies in the photograph, in pixels of the photograph at full size.
 */
export interface Box {
  /**
   * The medium that the cut-out is.
   */
  id: string;
  /**
   * Left edge.
   */
  left: number;
  /**
   * Upper edge.
   */
  top: number;
  /**
   * Width.
   */
  width: number;
  /**
   * Height.
   */
  height: number;
}
/**
 * A label that is suspected to be wrong.
 */
export interface Issue {
  /**
   * Rank or column of the label, such as 'species'.
   */
  rank: string;
  /**
   * Whose features suspect it.
   */
  encoder: string;
  /**
   * The label as it is.
   */
  label: string;
  /**
   * The label that the features propose.
   */
  proposed: string;
  /**
   * In [0, 1], low = suspect.
   */
  score: number;
  /**
   * All encoders whose features suspect it.
   */
  encoders: string[];
}
/**
 * What people stated.
 */
export interface Judgement {
  /**
   * What was said of the cut-out, or null.
   */
  verdict: ("accepted" | "rejected") | null;
  /**
   * Name of the mask that a person drew, or null.
   */
  mask: string | null;
  /**
   * How far the specimen is turned from upright, counter-clockwise as seen, in degrees in [-180, 180), or null.
   */
  angle_deg: number | null;
  /**
   * What was said of the suspected label, or null.
   */
  label: ("accepted" | "rejected" | "renamed" | "unsure") | null;
  /**
   * What a renamed medium is called, or null.
   */
  name: string | null;
  /**
   * Who said the last of these; empty if nobody did.
   */
  who: string;
  /**
   * When, ISO 8601; empty if nobody did.
   */
  when: string;
}
/**
 * The medium that an id or a file name means.
 */
export interface Found {
  /**
   * media_id, or null if there is none.
   */
  id: string | null;
}
/**
 * Statements that are made together.
 */
export interface Statements {
  /**
   * Each term at most once.
   *
   * @minItems 1
   * @maxItems 60
   */
  statements: [Statement, ...Statement[]];
}
/**
 * What a person says of a medium.
 */
export interface Statement {
  /**
   * What is stated: 'cutout' or 'mask', 'angle_deg', 'label' or 'name'; to restore an identification, its Darwin Core terms.
   */
  term: string;
  /**
   * 'accepted' or 'rejected'; the name of a mask drawn for this medium before; degrees as text; of a label also 'renamed' or 'unsure'. null takes back what was stated.
   */
  value: string | null;
}
/**
 * The answer to what was stated: it is on disk.
 */
export interface Stated {
  medium: Medium1;
  /**
   * The statements that restore what held before.
   */
  before: Statement[];
}
/**
 * One medium to review. Its pictures have addresses that hold its id.
 */
export interface Medium1 {
  /**
   * media_id, 20 hexadecimal digits.
   */
  id: string;
  /**
   * The medium that it was cut out of, else its own id.
   */
  photograph: string;
  /**
   * The name of the species, or of the file; never HTML.
   */
  caption: string;
  /**
   * Name of the original file, or its catalogue number.
   */
  file: string;
  /**
   * Width of the photograph in pixels, upright by EXIF.
   */
  width: number;
  /**
   * Height of the photograph in pixels, upright by EXIF.
   */
  height: number;
  /**
   * Width of the photograph as the page gets it.
   */
  preview_width: number;
  /**
   * Height of the photograph as the page gets it.
   */
  preview_height: number;
  /**
   * How sure the stage was, in [0, 1]; null if it has not run.
   */
  confidence: number | null;
  /**
   * Why the medium needs a look; empty if it does not.
   */
  reason: string;
  /**
   * Whether no cut-out was made of it.
   */
  rejected: boolean;
  /**
   * 'person' or the plug-in that did it; empty if none has.
   */
  made_by: string;
  /**
   * Intersection over union of the machine's mask and the person's, where there are both.
   */
  agreement: number | null;
  /**
   * Whether a segmenter has looked at it.
   */
  has_machine_mask: boolean;
  /**
   * Its cut-outs; empty if there is none.
   */
  cutouts: Box[];
  /**
   * Whether it is one of several in its photograph.
   */
  is_part: boolean;
  /**
   * The angle that the stage upright undid, or null if it has not run.
   */
  turned_deg: number | null;
  /**
   * Why its label is asked about, or null.
   */
  issue: Issue | null;
  judgement: Judgement;
}
/**
 * What there is to review of labels.
 */
export interface Examination {
  /**
   * The narrowest rank first; never empty.
   */
  suspicions: Suspicions[];
}
/**
 * The labels of one rank that one encoder's features suspect.
 */
export interface Suspicions {
  /**
   * Rank or column of the labels.
   */
  rank: string;
  /**
   * Whose features suspect them.
   */
  encoder: string;
  /**
   * How many.
   */
  n: number;
}
/**
 * What speaks against a label.
 */
export interface Reasons {
  /**
   * Nearest media, nearest first.
   */
  neighbours: Beside[];
  /**
   * Some media with the proposed label.
   */
  proposed: Beside[];
  /**
   * Some other media with the label as it is.
   */
  own: Beside[];
}
/**
 * A medium that is shown beside the one whose label is suspected.
 */
export interface Beside {
  /**
   * media_id.
   */
  id: string;
  /**
   * The name of its species, or of its file.
   */
  caption: string;
  /**
   * Whether it is one of several in its photograph.
   */
  is_part: boolean;
  /**
   * Its label at the rank in question.
   */
  label: string;
  /**
   * Cosine similarity of the features, 1 the same direction; null if it is shown for its label alone.
   */
  similarity: number | null;
}
/**
 * Names that a text may mean.
 */
export interface NameList {
  /**
   * The likeliest first.
   */
  names: Name[];
}
/**
 * A name to choose from.
 */
export interface Name {
  /**
   * As the collection spells it.
   */
  name: string;
  /**
   * How many media bear it.
   */
  n_media: number;
}
/**
 * What is like a photograph.
 */
export interface Liked {
  /**
   * The likest first.
   */
  media: LikeMedium[];
  /**
   * What was compared: the photograph as it was cut out and turned, as a data address.
   */
  picture: string;
  /**
   * How many specimens were cut out; the largest was compared. 0: the photograph as it is.
   */
  n_specimens: number;
}
/**
 * A medium that is like a photograph.
 */
export interface LikeMedium {
  /**
   * media_id.
   */
  id: string;
  /**
   * Cosine of the features, 1 the same direction.
   */
  similarity: number;
}
/**
 * What went wrong, as application/problem+json.
 */
export interface Problem {
  /**
   * What was wanted and what was found.
   */
  title: string;
  /**
   * What to do next; may be empty.
   */
  detail: string;
  /**
   * The status of the answer.
   */
  status: number;
}
