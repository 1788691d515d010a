/** Where networks compute: the options of every command that runs them, and what it says when one is opened. */
import { Option } from 'commander';
import { BACKENDS, PROVIDERS } from '../engine/engine.ts';

export function providerOption(): Option {
  return new Option('--provider <name>', 'where to compute an ONNX model; auto: the first that opens')
    .choices(['auto', ...PROVIDERS])
    .default('auto');
}

export function backendOption(): Option {
  return new Option('--backend <name>', 'the same for a TensorFlow.js model').choices(['auto', ...BACKENDS]).default('auto');
}

export function placementNote(provider: string, passedOver: readonly string[]): string {
  return [`Running on ${provider}.`, ...passedOver.map((why) => `  not on ${why}`)].join('\n');
}
