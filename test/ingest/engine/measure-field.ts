import { type ModelProto, TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { AxisLine } from '../../../ingest/engine/graph/field/axis.ts';
import { imageInput } from '../../../ingest/engine/graph/find-input.ts';
import { viewGraph } from '../../../ingest/engine/graph/graph.ts';
import { linesOf, receptiveFields } from '../../../ingest/engine/graph/receptive-field.ts';
import { PIXELS } from '../../../ingest/engine/onnx/prepare.ts';
import { probe } from '../../../ingest/engine/onnx/probe.ts';
import { rewrite } from '../../../ingest/engine/onnx/rewrite.ts';

/** What the graph says of a tensor: which of its dimensions are rows and columns, and both as lines. */
export interface Composed {
  axes: readonly [number, number];
  y: AxisLine;
  x: AxisLine;
}

/** 'unknown' where the graph does not say what a cell hears. */
export async function composedField(model: ModelProto, tensor: string): Promise<Composed | 'unknown' | undefined> {
  const graph = viewGraph(model);
  const input = imageInput('sketch', graph, null);
  const { facts } = await probe({ file: 'sketch', folder: '.', model, graph, input });
  const field = receptiveFields(graph, input, facts).get(tensor);
  if (field === undefined) return undefined;
  const lines = linesOf(field);
  if (!lines || field === 'unknown') return 'unknown';
  const at = (of: 'y' | 'x') => field.dims.findIndex(({ factors }) => factors.some((factor) => factor.of === of)) - field.dims.length;
  return { axes: [at('y'), at('x')], ...lines };
}

/** First and last input row (or column) that a cell row (or column) hears. */
export interface Heard {
  first: number;
  last: number;
}

export interface Measured {
  rows: (Heard | null)[];
  columns: (Heard | null)[];
}

/** Lights the input's rows one by one, then its columns, and sees which of the tensor's cells change. */
export async function measureField(model: ModelProto, tensor: string): Promise<Measured> {
  const graph = viewGraph(model);
  const input = imageInput('sketch', graph, null);
  const { height, width } = input;
  const tap = { tensor, elementType: TensorProto_DataType.FLOAT, layout: 'NCHW' as const };
  const session = await InferenceSession.create(rewrite(model, graph, input, { mean: [0, 0, 0], std: [1, 1, 1] }, [tap], null), {
    // Its fusion of Pad into MaxPool refuses some graphs
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  const pixels = new Uint8Array((1 + height + width) * height * width * 3);
  const at = (image: number, y: number, x: number) => ((image * height + y) * width + x) * 3;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.fill(255, at(1 + y, y, x), at(1 + y, y, x) + 3);
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) pixels.fill(255, at(1 + height + x, y, x), at(1 + height + x, y, x) + 3);
  const feed = new Tensor('uint8', pixels, [1 + height + width, height, width, 3]);
  const { dims, data } = (await session.run({ [PIXELS]: feed }))[tensor];
  await session.release();
  const [, units, cellRows, cellColumns] = dims;
  const values = data as Float32Array;
  const changes = (image: number, row: number, column: number) => {
    for (let unit = 0; unit < units; unit++) {
      const cell = (unit * cellRows + row) * cellColumns + column;
      if (values[image * units * cellRows * cellColumns + cell] !== values[cell]) return true;
    }
    return false;
  };
  const some = (count: number, test: (i: number) => boolean) => Array.from({ length: count }, (_, i) => i).some(test);
  return {
    rows: Array.from({ length: cellRows }, (_, row) => heard(height, (y) => some(cellColumns, (column) => changes(1 + y, row, column)))),
    columns: Array.from({ length: cellColumns }, (_, column) =>
      heard(width, (x) => some(cellRows, (row) => changes(1 + height + x, row, column))),
    ),
  };
}

function heard(extent: number, changes: (position: number) => boolean): Heard | null {
  const positions = Array.from({ length: extent }, (_, i) => i).filter(changes);
  return positions.length === 0 ? null : { first: positions[0], last: positions[positions.length - 1] };
}
