import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import { type Device, targetOn } from '../../../core/targets.ts';

export type OnnxDevice = Device<'ONNX'>;

/** What was opened, and why the better ones were not. */
export interface OpenedOn<T> {
  opened: T;
  device: OnnxDevice;
  /** One sentence a target that was tried and did not open. */
  passedOver: string[];
}

/**
 * Opens something on the first of the devices that really opens.
 *
 * Throws BAD_INPUT where none of them does.
 */
export async function openOn<T>(devices: readonly OnnxDevice[], open: (device: OnnxDevice) => Promise<T>): Promise<OpenedOn<T>> {
  const passedOver: string[] = [];
  for (const device of devices) {
    const absent = whyAbsent(device);
    if (absent) {
      passedOver.push(`${targetOn('ONNX', device)}: ${absent}`);
      continue;
    }
    try {
      return { opened: await open(device), device, passedOver };
    } catch (error) {
      // What runs nowhere does not fail for want of a device.
      if (device === 'cpu') throw error;
      passedOver.push(`${targetOn('ONNX', device)}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }
  throw doesNotOpen(passedOver);
}

function doesNotOpen(passedOver: readonly string[]): DissectoryError {
  return new DissectoryError('BAD_INPUT', `Target ${passedOver.join('; ')}. Choose --target auto or onnx-cpu, or see docs/gpu.md.`);
}

/** Throws BAD_INPUT where it can be told without trying that a device will not open. */
export function requirePresent(device: OnnxDevice): void {
  const absent = whyAbsent(device);
  if (absent) throw doesNotOpen([`${targetOn('ONNX', device)}: ${absent}`]);
}

/** What can be told without trying: a try would print the runtime's own errors. */
function whyAbsent(device: OnnxDevice): string | null {
  if (device === 'cuda' && !existsSync(path.join(runtimeFolder(), 'libonnxruntime_providers_cuda.so'))) {
    return 'its library is not beside ONNX Runtime (docs/gpu.md says how to put it there)';
  }
  if (device === 'webgpu' && process.platform === 'linux' && !GPU_DEVICES.some((file) => existsSync(file))) {
    return 'this machine shows no GPU';
  }
  return null;
}

const GPU_DEVICES = ['/dev/dri', '/dev/nvidia0', '/dev/nvidiactl', '/dev/dxg'];

/** Where onnxruntime-node keeps its native libraries. */
function runtimeFolder(): string {
  const home = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return path.join(home, 'bin/napi-v6', process.platform, process.arch);
}
