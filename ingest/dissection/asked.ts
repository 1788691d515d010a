import type { Target } from '../../core/targets.ts';
import type { LayerInfo, Network, Precision } from '../engine/engine.ts';
import type { Method } from '../labelling/labellers.ts';
import type { DissectionIdentity } from '../write/key.ts';
import type { DissectionRecord } from '../write/record.ts';

/** A layer in a basis. */
export interface AskedReading {
  layer: LayerInfo;
  /** null: the units' own. */
  turn: Turn | null;
}

export interface Turn {
  parameters: NonNullable<DissectionRecord['basisParameters']>;
  /** How the rotation is drawn: part of the provenance. */
  generator: string;
  /** Q^alpha, units * units, row-major. Asked for only where the store lacks the dissection. */
  rotation(): Float32Array;
}

/** One dissection that is asked for. */
export interface Keyed {
  reading: AskedReading;
  tau: number;
  key: string;
  identity: DissectionIdentity;
}

/** What is asked for of a model and a dataset. */
export interface AskedDissection {
  /** Slugs. */
  model: string;
  dataset: string;
  /** Each reading is dissected at each of them. */
  taus: readonly number[];
  /** Chosen once the network is open. */
  readings(network: Network): readonly AskedReading[];
  /** What units are labelled by where something is to be computed anyway. */
  methods: readonly Method[];
  /** Of these, what must be there in the end: a dissection that the store has without is computed again for it. */
  demanded: readonly Method[];
}

/**
 * How a dissection is run; but for device and precision, which its provenance names, nothing here changes its numbers.
 */
export interface RunSettings {
  /** Absent: what the engine thinks fit. */
  batchSize?: number;
  /** Where it may run; see `RunOptions`. */
  targets?: readonly Target[];
  /** Absent: `fp32`. */
  precision?: Precision;
  /** Told once which device the network runs on, and why not on a better one. */
  onStart?(device: string, passedOver: readonly string[]): void;
  /** Bytes of candidates kept in memory; also what decides how many turned bases are read in one pass. */
  memory: number;
  /**
   * Layers that one forward pass reads at most: bounds what the engine and the pass hold. Absent: all that are asked
   * for.
   */
  layersAtOnce?: number;
  /** Holds the work of runs that are not complete. */
  home: string;
  /**
   * Ends the run after the chunk it is in, with the signal's reason; it goes on from there when it is asked for again.
   */
  signal?: AbortSignal;
  /** Told the images of all passes together; of a dataset that is fetched first, its files. */
  onProgress(phase: 'fetch' | 'waiting' | 'forward' | 'tally', images: number, of: number): void;
}
