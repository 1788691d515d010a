/** Which of TensorFlow.js' backends computes: its devices. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { DissectoryError } from '../../../core/errors.ts';
import { type Device, targetOn } from '../../../core/targets.ts';
import type { Tf } from './tf.ts';

export type TfjsDevice = Device<'TFJS'>;

/** What computes, for provenance. */
export interface OpenBackend {
  tf: Tf;
  engine: string;
  engineVersion: string;
}

export interface Opened<T> extends OpenBackend {
  opened: T;
  device: TfjsDevice;
  /** One sentence for each better target that did not open. */
  passedOver: string[];
}

/**
 * Opens something on the first of the devices that really opens.
 *
 * Throws BAD_INPUT where none is there, and what `open` throws where it fails on the last.
 */
export async function openOn<T>(
  devices: readonly TfjsDevice[],
  open: (tf: Tf) => Promise<T>,
  openBackend: (device: TfjsDevice) => Promise<OpenBackend> = openers,
): Promise<Opened<T>> {
  const passedOver: string[] = [];
  for (const device of devices) {
    const found = await openBackend(device).catch((error: unknown) => firstLine(error));
    if (typeof found === 'string') {
      passedOver.push(`${targetOn('TFJS', device)}: ${found}`);
      continue;
    }
    try {
      return { ...found, opened: await open(found.tf), device, passedOver };
    } catch (error) {
      if (device === devices.at(-1)) throw error;
      passedOver.push(`${targetOn('TFJS', device)}: ${firstLine(error)}`);
    }
  }
  throw new DissectoryError('BAD_INPUT', `Target ${passedOver.join('; ')}. Choose --target auto, tfjs-wasm or tfjs-cpu.`);
}

/** How many threads share a batch: only the devices that compute on one core each gain by it. */
export function threadsOf(device: TfjsDevice, asked: number | undefined): number {
  return device === 'wasm' || device === 'cpu' ? (asked ?? availableParallelism()) : 1;
}

function openers(device: TfjsDevice): Promise<OpenBackend> {
  switch (device) {
    case 'tensorflow-gpu':
      return openTensorflow('@tensorflow/tfjs-node-gpu');
    case 'tensorflow':
      return openTensorflow('@tensorflow/tfjs-node');
    case 'webgpu':
      return openWebgpu();
    default:
      return openPortable(device);
  }
}

const require = createRequire(import.meta.url);

async function openTensorflow(name: string): Promise<OpenBackend> {
  const { version } = installed(name);
  restoreUtilFunctions();
  const tf = await prepared();
  await import(name);
  if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
  return { tf, engine: name, engineVersion: version };
}

/** tfjs-node 4.22 calls functions of `util` that Node 23 took away. */
export function restoreUtilFunctions(): void {
  const util = require('node:util');
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** Dawn, through the npm package `webgpu`, stands in for a browser's `navigator.gpu`. */
async function openWebgpu(): Promise<OpenBackend> {
  const name = 'webgpu';
  const { version } = installed(name);
  const { create, globals } = await import(name);
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) throw new Error('no GPU answers');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  const tf = await prepared();
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('its backend does not start');
  return { tf, engine: '@tensorflow/tfjs', engineVersion: `${tf.version.tfjs} (webgpu ${version})` };
}

async function openPortable(backend: 'wasm' | 'cpu'): Promise<OpenBackend> {
  const tf = await prepared();
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend(backend))) throw new Error('its backend does not start');
  return { tf, engine: '@tensorflow/tfjs', engineVersion: tf.version.tfjs };
}

/** In production mode it checks less, and does not advertise tfjs-node. */
async function prepared(): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs');
  tf.enableProdMode();
  return tf;
}

function installed(name: string): { version: string } {
  try {
    return require(`${name}/package.json`);
  } catch {
    throw new Error('it is not installed');
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
