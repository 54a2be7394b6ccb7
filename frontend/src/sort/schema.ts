/* Generated from src/wunderkammer/web/sorting_schemas.py by scripts/schema.py: change it there. */

/**
 * What the page for sorting sends and gets.
 */
export interface SortMessages {
  tasks: TaskList;
  state: SortState;
  queue: SortQueue;
  found: FoundMedium;
  queues: QueueList;
  labels: Labels;
  saved: Saved;
  order: RoundOrder;
  rounds: RoundList;
  audit: SortAudit;
  applied: Applied;
  imported: Imported;
  problem: Problem;
}
/**
 * Whose collection this is, and what it is sorted by.
 */
export interface TaskList {
  /**
   * Title of the collection.
   */
  title: string;
  /**
   * The name that the server proposes; the page may send another.
   */
  who: string;
  /**
   * Whether an atlas was built: its files are below /atlas/.
   */
  has_map: boolean;
  /**
   * The tasks, in the order of the settings.
   */
  tasks: SortTask[];
}
/**
 * A task: what media are sorted by.
 */
export interface SortTask {
  /**
   * The task, such as 'quality'.
   */
  name: string;
  /**
   * Its classes in order; 'unsure' last.
   */
  classes: SortClass[];
  /**
   * How many media there are to sort.
   */
  n_media: number;
  /**
   * How many have a label, 'unsure' left out.
   */
  n_labelled: number;
}
/**
 * One class of a task, or 'unsure', which is always the last.
 */
export interface SortClass {
  /**
   * The class, as it stands in the settings; 'unsure' for not sure.
   */
  name: string;
  /**
   * The key that gives it: '1' to '9', '0' for 'unsure'; may be ''.
   */
  key: string;
  /**
   * How many media have this label: agreed on, or settled.
   */
  n: number;
}
/**
 * How far a task is.
 */
export interface SortState {
  /**
   * Media with a label, 'unsure' left out.
   */
  n_labelled: number;
  /**
   * Media with the label 'unsure'.
   */
  n_unsure: number;
  /**
   * Media that people label otherwise, not settled.
   */
  n_conflicts: number;
  /**
   * Media labelled otherwise than when the last round began.
   */
  n_since: number;
  /**
   * All classes with their counts; 'unsure' last.
   */
  classes: SortClass[];
  /**
   * The task.
   */
  task: string;
  /**
   * How many media there are to sort.
   */
  n_media: number;
  /**
   * Who labels; the busiest first.
   */
  people: Person[];
  /**
   * Every pair with media in common.
   */
  agreement: PairAgreement[];
  /**
   * The last round; null before the first.
   */
  round: Round | null;
  /**
   * The round that is running, or null.
   */
  training: Training | null;
  /**
   * Why the round that was asked for last came to nothing, or null.
   */
  problem: Problem | null;
  /**
   * Whether to stop; null before the first round.
   */
  advice: Advice | null;
  /**
   * The round whose sorting was applied, or null.
   */
  applied: number | null;
}
/**
 * Somebody who labels.
 */
export interface Person {
  /**
   * Their name; never HTML.
   */
  who: string;
  /**
   * How many media they have a vote on.
   */
  n: number;
}
/**
 * How far two people agree on the media that both labelled.
 */
export interface PairAgreement {
  /**
   * Who.
   */
  one: string;
  /**
   * And who.
   */
  other: string;
  /**
   * How many media both labelled.
   */
  n: number;
  /**
   * Cohen's kappa; null where it is not defined.
   */
  kappa: number | null;
  /**
   * Lower end of its 95 % interval.
   */
  low: number | null;
  /**
   * Upper end of its 95 % interval.
   */
  high: number | null;
}
/**
 * One round: what was learned from the labels there were.
 */
export interface Round {
  /**
   * 1 is the first.
   */
  number: number;
  /**
   * When it was finished, ISO 8601.
   */
  when: string;
  /**
   * Who asked for it.
   */
  who: string;
  /**
   * How long it took.
   */
  seconds: number;
  /**
   * How many media it predicted.
   */
  n_media: number;
  /**
   * How many labels it learned from.
   */
  n_labelled: number;
  /**
   * How many of these were drawn at random.
   */
  n_random: number;
  /**
   * Its labels by class.
   */
  classes: SortClass[];
  /**
   * How good it is; the most telling first.
   */
  figures: RoundFigure[];
  /**
   * How many media the ensemble sorts otherwise than the round before; null in the first round.
   */
  changed: number | null;
  /**
   * The same of each member; empty in the first round.
   */
  members_changed: number[];
  /**
   * Agreement with the round before, Cohen's kappa; null in the first round.
   */
  kappa: number | null;
  /**
   * Of all media, in nats.
   */
  mean_entropy: number;
  /**
   * Media that the members do not all sort alike.
   */
  n_disagreeing: number;
}
/**
 * One figure of a round, measured on media that the members did not learn from.
 */
export interface RoundFigure {
  /**
   * 'accuracy', 'auc', 'balanced accuracy' or other; never HTML.
   */
  name: string;
  /**
   * Over all labelled media, out of fold.
   */
  held_out: Figure | null;
  /**
   * Over the labelled media drawn at random alone: unbiased.
   */
  audited: Figure | null;
  /**
   * The same of each member, out of fold.
   */
  members: (number | null)[];
  /**
   * The same, learnt from the labels drawn at random alone; null if not known.
   */
  random: number | null;
}
/**
 * A measured figure with its 95 % interval.
 */
export interface Figure {
  /**
   * The figure.
   */
  value: number;
  /**
   * Lower end of the interval; null if not known.
   */
  low: number | null;
  /**
   * Upper end of the interval; null if not known.
   */
  high: number | null;
}
/**
 * A round that is running.
 */
export interface Training {
  /**
   * How far it is, in [0, 1].
   */
  fraction: number;
  /**
   * What it is doing; never HTML.
   */
  message: string;
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
/**
 * Whether more labels are worth their time.
 */
export interface Advice {
  /**
   * Whether to stop.
   */
  stop: boolean;
  /**
   * Why, in one sentence; never HTML.
   */
  reason: string;
  /**
   * The rules it follows from.
   */
  criteria: Criterion[];
}
/**
 * One rule of when to stop.
 */
export interface Criterion {
  /**
   * The rule.
   */
  name: string;
  /**
   * Whether it says stop.
   */
  met: boolean;
  /**
   * What was measured; null if it cannot be yet.
   */
  value: number | null;
  /**
   * What it would have to be.
   */
  wanted: number | null;
  /**
   * Both in words; never HTML.
   */
  sentence: string;
}
/**
 * A part of a queue.
 */
export interface SortQueue {
  /**
   * Which queue.
   */
  name:
    | "next"
    | "lot"
    | "A"
    | "B"
    | "C"
    | "D"
    | "NOTSURE"
    | "MISPREDICTION"
    | "UNCERTAIN"
    | "unsure"
    | "conflicts"
    | "labelled"
    | "unlabelled"
    | "blurred"
    | "dark"
    | "tiny"
    | "duplicates"
    | "odd-aspect";
  /**
   * How many media are in it.
   */
  n: number;
  /**
   * Place of the first one here.
   */
  offset: number;
  /**
   * The media, the first one first.
   */
  media: SortMedium[];
}
/**
 * One medium to sort; its pictures are /api/pictures/<id>/<kind>?v=<version>.
 */
export interface SortMedium {
  /**
   * media_id, 20 hexadecimal digits.
   */
  id: string;
  /**
   * Stands for what the picture shows: with ?v=<version> in their addresses, pictures are kept by the browser for good.
   */
  version: string;
  /**
   * The name of the species, or of the file; never HTML.
   */
  caption: string;
  /**
   * Width of the photograph in pixels, upright by EXIF.
   */
  width: number;
  /**
   * Height of the photograph in pixels, upright by EXIF.
   */
  height: number;
  /**
   * What the one who asks said: a class, 'unsure' or null.
   */
  said: string | null;
  /**
   * What other people said.
   */
  others: Vote[];
  /**
   * The class on which a conflict was settled, or null.
   */
  settled: string | null;
  /**
   * The label that holds: agreed or settled; null if there is none or a conflict.
   */
  label: string | null;
  /**
   * Whether people disagree and nobody has settled it.
   */
  conflict: boolean;
  /**
   * The ensemble's class; null before the first round.
   */
  proposed: string | null;
  /**
   * Calibrated probability of that class.
   */
  score: number | null;
  /**
   * Of all classes, in order and without 'unsure'; empty before the first round.
   */
  probabilities: number[];
  /**
   * Of these probabilities, in nats.
   */
  entropy: number | null;
  /**
   * The class of each member; empty before the first round.
   */
  votes: string[];
  /**
   * Why it is in this queue, in words; may be empty, never HTML.
   */
  reason: string;
}
/**
 * What one person said of a medium.
 */
export interface Vote {
  /**
   * Who; never HTML.
   */
  who: string;
  /**
   * A class or 'unsure'.
   */
  value: string;
}
/**
 * What a name means.
 */
export interface FoundMedium {
  /**
   * The medium, or null if it is none or several.
   */
  medium: SortMedium | null;
}
/**
 * All queues of a task, at thresholds that the page may move.
 */
export interface QueueList {
  /**
   * The share of media that counts as low in entropy.
   */
  quantile: number;
  /**
   * How sure the mean of the members must be for C.
   */
  confidence: number;
  /**
   * The entropy in nats that the quantile means; null before the first round.
   */
  entropy: number | null;
  /**
   * The most it can be with these classes, in nats.
   */
  max_entropy: number;
  /**
   * The queues; those that cannot be are left out.
   */
  queues: QueueSummary[];
}
/**
 * What a queue is, and how long it is.
 */
export interface QueueSummary {
  /**
   * The queue.
   */
  name:
    | "next"
    | "lot"
    | "A"
    | "B"
    | "C"
    | "D"
    | "NOTSURE"
    | "MISPREDICTION"
    | "UNCERTAIN"
    | "unsure"
    | "conflicts"
    | "labelled"
    | "unlabelled"
    | "blurred"
    | "dark"
    | "tiny"
    | "duplicates"
    | "odd-aspect";
  /**
   * What it is called; never HTML.
   */
  title: string;
  /**
   * What is in it and what to do about it, in one sentence.
   */
  sentence: string;
  /**
   * Queues of one group stand together.
   */
  group: "order" | "unlabelled kinds" | "labelled kinds" | "labels" | "looks";
  /**
   * How many media are in it.
   */
  n: number;
}
/**
 * What one person says of media, together.
 */
export interface Labels {
  /**
   * Who says it.
   */
  who: string;
  /**
   * Each medium at most once.
   *
   * @minItems 1
   * @maxItems 5000
   */
  labels: [Label, ...Label[]];
  /**
   * Whether this settles conflicts, and is not a vote.
   */
  settled?: boolean;
}
/**
 * What is said of one medium.
 */
export interface Label {
  /**
   * media_id.
   */
  id: string;
  /**
   * A class or 'unsure'; null takes back what was said before.
   */
  value: string | null;
}
/**
 * The answer to labels: they are on disk. The state is how far the task is now.
 */
export interface Saved {
  /**
   * How many statements were written; what held is not again.
   */
  saved: number;
  /**
   * What held before: sent as labels, they undo what was said.
   */
  before: Label[];
  state: Counts;
}
/**
 * How far a task is, in short.
 */
export interface Counts {
  /**
   * Media with a label, 'unsure' left out.
   */
  n_labelled: number;
  /**
   * Media with the label 'unsure'.
   */
  n_unsure: number;
  /**
   * Media that people label otherwise, not settled.
   */
  n_conflicts: number;
  /**
   * Media labelled otherwise than when the last round began.
   */
  n_since: number;
  /**
   * All classes with their counts; 'unsure' last.
   */
  classes: SortClass[];
}
/**
 * A round is wanted.
 */
export interface RoundOrder {
  /**
   * Who wants it.
   */
  who: string;
}
/**
 * All rounds of a task, for the plots.
 */
export interface RoundList {
  /**
   * The first one first.
   */
  rounds: Round[];
}
/**
 * How good the sorting is, measured on media drawn at random.
 */
export interface SortAudit {
  /**
   * How many media drawn at random have a class.
   */
  n: number;
  /**
   * How many more of them people were not sure of.
   */
  n_unsure: number;
  /**
   * How many more are needed until the precision can be promised, if they turn out like those so far; 0 if it can; null if more would not help.
   */
  n_more: number | null;
  /**
   * What is wanted of what is kept automatically.
   */
  precision: number;
  /**
   * Whether the lower end of the interval reaches it, and not its value alone.
   */
  promised: boolean;
  /**
   * How many of them are sorted right.
   */
  accuracy: Figure | null;
  /**
   * The same by class.
   */
  classes: ClassAudit[];
  /**
   * From the surest medium to all of them.
   */
  curve: CoveragePoint[];
  /**
   * null where no threshold reaches the precision.
   */
  choice: KeepChoice | null;
  /**
   * The choice in words, or what is missing; never HTML.
   */
  sentence: string;
}
/**
 * How one class fares on media drawn at random.
 */
export interface ClassAudit {
  /**
   * The class.
   */
  name: string;
  /**
   * How many of the audited media people gave this class.
   */
  n: number;
  /**
   * Of those sorted here, how many belong here.
   */
  precision: Figure | null;
  /**
   * Of those that belong here, how many are found.
   */
  recall: Figure | null;
}
/**
 * One point of the curve of accuracy over coverage; accuracy is that of what is kept.
 */
export interface CoveragePoint {
  /**
   * Media at least this sure are kept automatically.
   */
  threshold: number;
  /**
   * Their share of all media.
   */
  coverage: number;
  accuracy: Figure;
}
/**
 * What can be kept automatically at the precision wanted; accuracy is that of what is kept.
 */
export interface KeepChoice {
  /**
   * Media at least this sure are kept automatically.
   */
  threshold: number;
  /**
   * Their share of all media.
   */
  coverage: number;
  accuracy: Figure;
  /**
   * How many media are sorted automatically.
   */
  n_kept: number;
  /**
   * How many are left for a person.
   */
  n_person: number;
}
/**
 * What was handed to the pipeline; 'wk run' does the rest.
 */
export interface Applied {
  /**
   * The round; null if people's labels are all there is.
   */
  round: number | null;
  /**
   * Media less sure than this are for a person.
   */
  threshold: number | null;
  /**
   * How many media are sorted.
   */
  n_media: number;
  /**
   * How many of them a person should still look at.
   */
  n_person: number;
  /**
   * What was done and what to do next; never HTML.
   */
  sentence: string;
}
/**
 * What was read from a file of labels. The state is how far the task is now.
 */
export interface Imported {
  /**
   * How many statements were written.
   */
  saved: number;
  /**
   * Ids that no medium has, the first hundred.
   */
  unknown: string[];
  /**
   * How many such ids there are.
   */
  n_unknown: number;
  state: Counts;
}
