import { DissectoryError } from '../../core/errors.ts';
import { keyOf } from '../../core/key.ts';
import type { Model } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';
import type { Network, Reading, Runner, RunOptions } from '../engine/engine.ts';
import { strangers } from '../engine/graph/strangers.ts';

/** Images that are compared, in one batch. */
const IMAGES = 3;

/** Half precision and GPUs compute coarser than what is compared with: factors of the engine's own tolerance. */
const COARSER = { fp16: 100, elsewhere: 10 } as const;

/**
 * Starts a network as it will run. When an engine is first asked for these layers of a model, a few images are compared
 * with those of a session that runs the graph as it stands, on the CPU: what an engine rewrites must not change the
 * numbers. That they agree is stored.
 *
 * @throws BAD_MODEL naming the layer that deviates, and what `Network.start` throws
 */
export async function startChecked(
  store: Store,
  { inputs }: Pick<Model, 'inputs'>,
  network: Network,
  readings: readonly Reading[],
  options: RunOptions,
): Promise<Runner> {
  const runner = await network.start(readings, options);
  try {
    await ensureChecked(store, { inputs }, network, readings, options, runner);
    return runner;
  } catch (error) {
    await runner.close();
    throw error;
  }
}

async function ensureChecked(
  { prisma }: Store,
  { inputs }: Pick<Model, 'inputs'>,
  network: Network,
  readings: readonly Reading[],
  options: RunOptions,
  { engine, engineVersion, provider, run }: Runner,
): Promise<void> {
  const { rewriteTolerance: tolerance, sha256 } = network;
  if (tolerance === null) return;
  const { precision = 'fp32' } = options;
  const tensors = readings.map(({ tensor, rotation }) => [tensor, rotation !== undefined]);
  const key = keyOf({ sha256, inputs, engine, engineVersion, provider, precision, tensors });
  if (await prisma.engineCheck.findUnique({ where: { key } })) return;
  const pixels = () => strangers({ height: network.inputHeight, width: network.inputWidth }, IMAGES);
  const found = await run(pixels(), IMAGES);
  const plain = await network.start(readings, { ...options, targets: ['onnx-cpu'], precision: 'fp32', asItStands: true });
  const expected = await plain.run(pixels(), IMAGES).finally(() => plain.close());
  const factor = precision === 'fp16' ? COARSER.fp16 : provider === 'cpu' ? 1 : COARSER.elsewhere;
  const deviations = readings.map((_, i) => deviation(found[i], expected[i]));
  const worst = deviations.indexOf(Math.max(...deviations));
  if (deviations[worst] > tolerance * factor) throw deviates(readings[worst].name, deviations[worst], { engine, engineVersion, provider });
  const record = { key, sha256, engine: `${engine} ${engineVersion}`, deviation: deviations[worst] };
  // Two processes may have compared at once
  await prisma.engineCheck.createMany({ data: [record], skipDuplicates: true });
}

/** The largest difference, as a share of the largest value. */
function deviation(found: Float32Array, expected: Float32Array): number {
  let most = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(found[i], expected[i])) continue;
    if (!Number.isFinite(found[i] - expected[i])) return Infinity;
    most = Math.max(most, Math.abs(found[i] - expected[i]));
  }
  if (most === 0) return 0;
  for (const value of expected) largest = Math.abs(value) > largest ? Math.abs(value) : largest;
  return most / largest;
}

function deviates(
  layer: string,
  share: number,
  { engine, engineVersion, provider }: Pick<Runner, 'engine' | 'engineVersion' | 'provider'>,
) {
  const percent = `${(100 * share).toPrecision(2)} %`;
  const message =
    `${engine} ${engineVersion} on ${provider} does not compute this network as its graph stands: ${layer} is off by ${percent} of its largest value ` +
    'when the graph is optimised. Nothing was computed. Simplify the model (onnxsim), export it with another opset or exporter, or choose another --target.';
  return new DissectoryError('BAD_MODEL', message);
}
