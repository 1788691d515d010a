import type { Grid } from '../../../core/grid.ts';
import type { LayerInfo, Network } from '../../../ingest/engine/engine.ts';

/**
 * A cell whose receptive field lies within the image: what the network says of it along one axis, and what it was seen
 * to hear.
 */
export interface LitCell {
  expected: { first: number; last: number };
  /** First and last pixel row (or column) that changes it. */
  heard: { first: number; last: number } | null;
}

export interface Lit {
  rows: LitCell[];
  columns: LitCell[];
}

/**
 * Lights the input's rows one by one, then its columns, and sees which cells of each layer change. Works through any
 * engine.
 */
export async function light(network: Network, names: readonly string[]): Promise<Map<string, Lit>> {
  const layers = names.map((name) => network.layer(name));
  const { inputHeight: height, inputWidth: width } = network;
  const count = 1 + height + width;
  const pixels = new Uint8Array(count * height * width * 3);
  const at = (image: number, y: number, x: number) => ((image * height + y) * width + x) * 3;
  for (let y = 0; y < height; y++) pixels.fill(255, at(1 + y, y, 0), at(1 + y, y, width - 1) + 3);
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) pixels.fill(255, at(1 + height + x, y, x), at(1 + height + x, y, x) + 3);
  const runner = await network.start(layers, { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] }, threads: 1 });
  const outputs = await runner.run(pixels, count);
  await runner.close();
  return new Map(layers.map((layer, i) => [names[i], litCells(layer, outputs[i], height, width)]));
}

function litCells(layer: LayerInfo, values: Float32Array, height: number, width: number): Lit {
  const { grid, units, receptiveField } = layer;
  const cells = grid.height * grid.width;
  const changes = (image: number, row: number, column: number) =>
    range(units).some((unit) => {
      const cell = unit * cells + row * grid.width + column;
      return values[image * units * cells + cell] !== values[cell];
    });
  if (!receptiveField) throw new Error(`the graph does not say how ${layer.name} lies`);
  const rows = range(grid.height).map((row) => ({
    expected: span(grid, 'Y', row, receptiveField.height),
    heard: heard(height, (y) => range(grid.width).some((column) => changes(1 + y, row, column))),
  }));
  const columns = range(grid.width).map((column) => ({
    expected: span(grid, 'X', column, receptiveField.width),
    heard: heard(width, (x) => range(grid.height).some((row) => changes(1 + height + x, row, column))),
  }));
  return { rows: within(rows, height), columns: within(columns, width) };
}

function span(grid: Grid, axis: 'Y' | 'X', cell: number, size: number) {
  const centre = grid[`offset${axis}`] + cell * grid[`stride${axis}`];
  return { first: centre - (size - 1) / 2, last: centre + (size - 1) / 2 };
}

function heard(extent: number, changes: (position: number) => boolean) {
  const positions = range(extent).filter(changes);
  return positions.length === 0 ? null : { first: positions[0], last: positions[positions.length - 1] };
}

/** At the border a part of the receptive field is cut off. */
function within(cells: LitCell[], extent: number): LitCell[] {
  return cells.filter(({ expected }) => expected.first >= 0 && expected.last <= extent - 1);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
