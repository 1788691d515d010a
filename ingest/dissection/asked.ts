import type { LayerInfo } from '../engine/engine.ts';
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
