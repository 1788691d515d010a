import path from 'node:path';
import type { Device, EngineFormat } from '../../core/targets.ts';
import type { Network, OpenOptions } from './engine.ts';
import { openOnnx } from './onnx/engine.ts';
import { requireDevice as requireOnnxDevice } from './onnx/require-device.ts';
import { openTfjs } from './tfjs/engine.ts';
import { requireDevice as requireTfjsDevice } from './tfjs/require-device.ts';

/** What opens models of one format and computes with them. */
export interface Engine {
  /** Ending of the files that its models are opened by, with its dot. */
  ending: string;
  /**
   * The file that a model is opened by where a folder is named, and then all of the folder belongs to it; null: a model
   * is named by its file.
   */
  fileOfFolder: string | null;
  /** Name of the model card beside NAME and `ending`. */
  card(name: string): string;
  /** Throws BAD_MODEL where the file is not a whole model that takes images. */
  open(file: string, options: OpenOptions): Promise<Network>;
  /** Makes sure that a device of `ENGINE_DEVICES` opens. Throws BAD_INPUT saying why it does not. */
  requireDevice(device: Device): Promise<void>;
}

/** One entry an engine; `ENGINE_DEVICES` in core names where each can compute. */
export const ENGINES: Readonly<Record<EngineFormat, Engine>> = {
  ONNX: {
    ending: '.onnx',
    fileOfFolder: null,
    card: (name) => `${name}.json`,
    open: openOnnx,
    requireDevice: requireOnnxDevice,
  },
  TFJS: {
    ending: '.json',
    fileOfFolder: 'model.json',
    card: (name) => `${name}.card.json`,
    open: openTfjs,
    requireDevice: requireTfjsDevice,
  },
};

/** The engine that opens a file, told by its ending: files of no known ending are taken for ONNX'. */
export function engineOf(file: string): Engine {
  const ending = path.extname(file).toLowerCase();
  return Object.values(ENGINES).find((engine) => engine.ending === ending) ?? ENGINES.ONNX;
}
