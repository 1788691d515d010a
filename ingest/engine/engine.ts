/**
 * What the dissection asks of whatever runs a network. One folder an engine: `onnx/`, `tfjs/`; `graph/` is what both
 * read networks with.
 */

import type { Grid } from '../../core/grid.ts';
import type { EngineFormat, Target } from '../../core/targets.ts';
import type { Channels } from '../../prisma/generated/enums.ts';

/**
 * The extent of the receptive field in input pixels; null where the graph does not say (then the grid is evenly
 * spread).
 */
export interface ReceptiveField {
  height: number;
  width: number;
}

/**
 * How a layer's activations lie. `map`: rows and columns of cells for each unit. `tokens`: the patches of a vision
 * transformer, laid out as the grid that the model card names. `vector`: one value a unit for the whole image (fully
 * connected layers, the classifier's head): a grid of one cell, which only concepts of whole images are scored with.
 */
export type LayerKind = 'map' | 'tokens' | 'vector';

/**
 * How a sequence of tokens becomes a map: `skip` tokens in front (the class token) are dropped, the rest are rows and
 * columns of patches.
 */
export interface TokenGrid {
  height: number;
  width: number;
  skip: number;
}

/** A tensor that cannot be dissected. */
export interface UnreadableTensor {
  name: string;
  operator: string;
  /** Continues "the layer NAME ...". */
  why: string;
}

/** A tensor of the network that can be dissected, with every name that it answers to. */
export interface LayerInfo {
  /** The name shown: the module path where there is one, else node, else tensor name. */
  name: string;
  tensor: string;
  node: string | null;
  module: string | null;
  /** Operator that writes the tensor. */
  operator: string;
  /** Other names that it answers to: enclosing modules (`layer4`), the convolution whose activation it is (`conv5`). */
  aliases: readonly string[];
  /** Place in the graph's order. */
  index: number;
  kind: LayerKind;
  units: number;
  /** Where cells lie over the network's input. */
  grid: Grid;
  receptiveField: ReceptiveField | null;
  /** Belongs to what `all` means: the activations that a user would call layers. */
  listed: boolean;
}

/** A layer as it is to be read: in the basis of its own units, or turned. */
export interface Reading extends LayerInfo {
  /**
   * `units * units`, row-major: multiplied with the layer's activations at every location. Absent: the activations as
   * they are.
   */
  rotation?: Float32Array;
}

/**
 * How image bytes become the network's input: `(pixel / 255 - mean) / std`, a number for each of its channels in their
 * order, or one for all.
 */
export interface Normalisation {
  mean: readonly number[];
  std: readonly number[];
}

/** What a model card says that its file may leave open. */
export interface OpenOptions {
  inputSize?: { height: number; width: number } | null;
  /** Absent or null: RGB, or grey where it takes one channel. */
  channels?: Channels | null;
  tokens?: TokenGrid | null;
  inputs?: FixedInputs | null;
  /** The output whose values are the classes' scores. */
  output?: string | null;
  /** How many classes there are. Absent or 0: not known. */
  classes?: number;
}

/** Values of inputs beside the image, by name: one for all of an input's elements, or one each. */
export type FixedInputs = Readonly<Record<string, boolean | number | readonly (boolean | number)[]>>;

/**
 * The linear classifier that a network ends in, behind global average pooling: a class's score is the sum over units of
 * weight * mean, plus bias.
 */
export interface OwnHead {
  layer: LayerInfo;
  classes: number;
  /** classes x units. */
  weights: Float32Array;
  /** One a class. */
  biases: Float32Array;
}

/** A network that is run with single units of a layer zeroed. */
export interface Rerun extends Pick<Runner, 'engine' | 'engineVersion' | 'provider'> {
  classes: number;
  /**
   * Runs one image, `inputHeight * inputWidth * 3` bytes: its score for each class, and those with each unit zeroed,
   * units x classes.
   */
  run(pixels: Uint8Array): Promise<{ before: Float32Array; after: Float32Array }>;
  close(): Promise<void>;
}

export interface Network {
  /** Of its engine. */
  format: EngineFormat;
  /** Of the file's bytes, and of those of files that it keeps weights in. */
  sha256: string;
  /** Of the input the network wants, in pixels. */
  inputHeight: number;
  inputWidth: number;
  channels: Channels;
  /** For whoever is told no other: see `usualNormalisation`. */
  usualNormalisation: Normalisation;
  /** What its user should know before it runs, one sentence each. */
  notes: readonly string[];
  /** All tensors that can be dissected, in graph order. */
  layers: readonly LayerInfo[];
  /** Those that depend on the image and cannot, in graph order. */
  unreadable: readonly UnreadableTensor[];
  /**
   * Finds a layer by tensor, node or module name; it is then called by that name. Throws LAYER_NOT_FOUND naming those
   * that exist, NOT_SPATIAL where it has no map.
   */
  layer(name: string): LayerInfo;
  /**
   * How far its engine's rewrites of the graph may change a layer, as a share of the layer's largest value; null where
   * the engine rewrites nothing.
   */
  rewriteTolerance: number | null;
  /**
   * null where the network does not end in one. Throws BAD_INPUT naming the outputs where several could be the
   * classifier's.
   */
  ownHead(): Promise<OwnHead | null>;
  /**
   * Makes the part behind a layer ready to be run again. null where the network gives no scores that the layer decides.
   * Throws BAD_INPUT where the engine cannot do it.
   */
  rerun(layer: LayerInfo, normalisation: Normalisation): Promise<Rerun | null>;
  /** Makes the network ready to give these readings of its layers; computes nothing behind the deepest of them. */
  start(readings: readonly Reading[], options: RunOptions): Promise<Runner>;
}

/** `fp16` computes in half precision: faster on a GPU, and a little off (docs/gpu.md). */
export type Precision = 'fp32' | 'fp16';

export interface RunOptions {
  normalisation: Normalisation;
  /**
   * Where it may compute: the first of them that opens does, best first. Absent or none: any target of the network's
   * engine.
   */
  targets?: readonly Target[];
  /** Absent: `fp32`. */
  precision?: Precision;
  /** Runs the graph as it stands, without the runtime's rewrites of it. Absent: false. */
  asItStands?: boolean;
  /** Threads of the CPU; the engine's choice where absent. */
  threads?: number;
}

export interface Runner {
  /** Name and version of what computes, for provenance. */
  engine: string;
  engineVersion: string;
  /** The device that it computes on. */
  provider: string;
  /** Why it does not compute elsewhere: one sentence for each better target that did not open. */
  passedOver: readonly string[];
  /** Images that a batch may well have: what the network's activations leave room for. */
  batchSize: number;
  /**
   * Runs one batch. `pixels`: `count * inputHeight * inputWidth * 3` bytes, NHWC, RGB. An array that fills its whole
   * ArrayBuffer is handed over, not copied: it is empty afterwards. A part of a buffer and a SharedArrayBuffer stay the
   * caller's. Gives one array a reading asked for, in that order: `count * units * height * width`, image-major, then
   * unit, rows, columns.
   */
  run(pixels: Uint8Array, count: number): Promise<Float32Array[]>;
  close(): Promise<void>;
}
