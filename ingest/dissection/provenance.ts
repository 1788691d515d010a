import type { Model } from '../../prisma/generated/client.ts';
import { CODE_VERSION } from '../../store/package.ts';
import type { Network, Runner, RunOptions } from '../engine/engine.ts';
import type { Method } from '../labelling/labellers.ts';
import type { DissectionIdentity } from '../write/key.ts';
import type { LabellingIdentity } from '../write/labelling.ts';
import type { Provenance } from '../write/record.ts';
import type { AskedReading } from './asked.ts';

/** All that the numbers of a model's dissections depend on, beside layer, tau and basis. */
export function provenanceOf(
  { resize, tokens, channels, inputs }: Pick<Model, 'resize' | 'tokens' | 'channels' | 'inputs'>,
  network: Network,
  runner: Runner,
  datasetSha256: string,
  { normalisation: { mean, std }, precision }: RunOptions,
): Provenance {
  return {
    modelSha256: network.sha256,
    datasetSha256,
    engine: runner.engine,
    engineVersion: runner.engineVersion,
    provider: runner.provider,
    codeVersion: CODE_VERSION,
    parameters: {
      inputHeight: network.inputHeight,
      inputWidth: network.inputWidth,
      resize,
      tokens,
      channels,
      mean,
      std,
      precision,
      ...(inputs !== null && { inputs }),
    },
  };
}

/** All that the numbers of one reading at one tau depend on. */
export function identityOf(
  { turn }: AskedReading,
  tau: number,
  layerId: number,
  datasetId: number,
  provenance: Provenance,
): DissectionIdentity {
  if (!turn) return { layerId, datasetId, tau, basis: 'IDENTITY', basisParameters: null, provenance };
  const parameters = { ...provenance.parameters, rotation: turn.generator };
  return { layerId, datasetId, tau, basis: 'ROTATION', basisParameters: turn.parameters, provenance: { ...provenance, parameters } };
}

/** What a method says of a dissection depends on. */
export const labellingOf = (dissection: string, method: Method): LabellingIdentity => ({ dissection, method, parameters: {} });
