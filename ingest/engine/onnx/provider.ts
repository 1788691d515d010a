import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import { PROVIDERS, type Provider, type ProviderChoice } from '../engine.ts';

/** What was opened, and why the better ones were not. */
export interface OpenedOn<T> {
  opened: T;
  provider: Provider;
  /** One sentence a provider that was tried and did not open. */
  passedOver: string[];
}

/**
 * Opens something on the provider asked for; `auto`: on the first that really opens, best first.
 *
 * Throws BAD_INPUT where the one that was asked for does not open.
 */
export async function openOn<T>(choice: ProviderChoice, open: (provider: Provider) => Promise<T>): Promise<OpenedOn<T>> {
  const passedOver: string[] = [];
  for (const provider of choice === 'auto' ? PROVIDERS : [choice]) {
    const absent = whyAbsent(provider);
    if (absent) {
      passedOver.push(`${provider}: ${absent}`);
      continue;
    }
    try {
      return { opened: await open(provider), provider, passedOver };
    } catch (error) {
      // What runs nowhere does not fail for want of a provider.
      if (provider === 'cpu') throw error;
      passedOver.push(`${provider}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }
  throw doesNotOpen(passedOver);
}

function doesNotOpen(passedOver: readonly string[]): DissectoryError {
  return new DissectoryError('BAD_INPUT', `Provider ${passedOver.join('; ')}. Choose --provider auto or cpu, or see docs/gpu.md.`);
}

/** Throws BAD_INPUT where it can be told without trying that a provider will not open. */
export function requirePresent(provider: Provider): void {
  const absent = whyAbsent(provider);
  if (absent) throw doesNotOpen([`${provider}: ${absent}`]);
}

/** What can be told without trying: a try would print the runtime's own errors. */
function whyAbsent(provider: Provider): string | null {
  if (provider === 'cuda' && !existsSync(path.join(runtimeFolder(), 'libonnxruntime_providers_cuda.so'))) {
    return 'its library is not beside ONNX Runtime (docs/gpu.md says how to put it there)';
  }
  if (provider === 'webgpu' && process.platform === 'linux' && !GPU_DEVICES.some((device) => existsSync(device))) {
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
