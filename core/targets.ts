/** Where networks compute. A target is a device of an engine: `onnx-cuda`, `tfjs-wasm`. */

interface EngineDevices {
  /** What computes, for messages. */
  runtime: string;
  /** Best first. */
  devices: readonly string[];
  /** Those that every machine has. */
  everywhere: readonly string[];
}

/**
 * The engines by how the models that they open are stored (`Model.format`). `tensorflow-gpu` and `tensorflow` are the
 * packages tfjs-node-gpu and tfjs-node.
 */
export const ENGINE_DEVICES = {
  ONNX: { runtime: 'ONNX Runtime', devices: ['cuda', 'webgpu', 'cpu'], everywhere: ['cpu'] },
  TFJS: {
    runtime: 'TensorFlow.js',
    devices: ['tensorflow-gpu', 'tensorflow', 'webgpu', 'wasm', 'cpu'],
    everywhere: ['wasm', 'cpu'],
  },
} as const satisfies Record<string, EngineDevices>;

export type EngineFormat = keyof typeof ENGINE_DEVICES;
export type Device<F extends EngineFormat = EngineFormat> = (typeof ENGINE_DEVICES)[F]['devices'][number];
export type Target = { [F in EngineFormat]: `${Lowercase<F>}-${Device<F>}` }[EngineFormat];

/** How a model is stored: for an engine, or not at all where its units came from a published tally. */
export type ModelFormat = EngineFormat | 'TALLY';

export const ENGINE_FORMATS = Object.keys(ENGINE_DEVICES) as EngineFormat[];

/** All targets, engine by engine, best first. */
export const TARGETS: readonly Target[] = ENGINE_FORMATS.flatMap((format) => targetsOf(format));

/** The targets of an engine, best first. */
export function targetsOf(format: EngineFormat): Target[] {
  return ENGINE_DEVICES[format].devices.map((device) => targetOn(format, device));
}

export function targetOn(format: EngineFormat, device: string): Target {
  const target = `${format.toLowerCase()}-${device}`;
  const known = ENGINE_DEVICES[format].devices.some((one) => one === device);
  if (!known) throw new Error(`${ENGINE_DEVICES[format].runtime} knows no ${device}`);
  return target as Target;
}

export function partsOfTarget(target: Target): { format: EngineFormat; device: Device } {
  const dash = target.indexOf('-');
  return { format: target.slice(0, dash).toUpperCase() as EngineFormat, device: target.slice(dash + 1) as Device };
}

/**
 * Reads a target that was stored or typed; null where there is no such target. Jobs of before spell the engine in
 * capitals.
 */
export function readTarget(value: unknown): Target | null {
  return TARGETS.find((target) => typeof value === 'string' && target === value.toLowerCase()) ?? null;
}

/** Whether every machine has it. */
export function isEverywhere(target: Target): boolean {
  const { format, device } = partsOfTarget(target);
  return ENGINE_DEVICES[format].everywhere.some((one) => one === device);
}

/** The devices of an engine among the targets, best first; none of them: nobody chose one. */
export function devicesAmong<F extends EngineFormat>(format: F, targets: readonly Target[]): Device<F>[] {
  const devices: readonly Device<F>[] = ENGINE_DEVICES[format].devices;
  return devices.filter((device) => targets.includes(targetOn(format, device)));
}
