import { throughTransposedWindow, throughWindow } from './axis.ts';
import { type Dim, type Factor, isOnly, mapDim, type Spatial, unitsDim } from './dims.ts';
import { axisOf, isMap, type MapAxis, type TensorField } from './tensor-field.ts';

/**
 * The field as a map with rows and columns at these dimensions, or null where it is none. Maps whose cells were
 * gathered into blocks, or spread from channels, by reshapes and transpositions become what the operators for that
 * would have made: `units x block x block` channels on one cell for each block, or blocks of cells where channels were.
 */
export function settled(field: TensorField, at: { y: number; x: number; units: number }): TensorField | null {
  if (isMap(field, at)) return field;
  const { dims } = field;
  if (dims.length !== 4 || !isOnly(dims[0], 'batch') || dims.some(({ before, after }) => before + after > 0)) return null;
  const y = blocked(field, 'y', dims[at.y], dims[at.units]);
  const x = blocked(field, 'x', dims[at.x], dims[at.units]);
  if (!y || !x || dims[at.units].factors.some(({ of }) => of === 'batch' || of === 'blocks' || of === 'same')) return null;
  const all = [...dims];
  all[at.y] = mapDim('y', y.cells);
  all[at.x] = mapDim('x', x.cells);
  all[at.units] = unitsDim(dims[at.units].factors.reduce((product, { size }) => product * size, 1));
  const map = { dims: all, y, x };
  return isMap(map, at) ? map : null;
}

function blocked(field: TensorField, of: Spatial, along: Dim, units: Dim): MapAxis | null {
  const axis = axisOf(field, of);
  const [outer, ...others] = along.factors;
  if (!axis || axis.pieces || outer?.of !== of) return null;
  const inner = units.factors.filter((factor) => factor.of === of);
  if (others.length === 0) return gathered(axis, outer, inner);
  const fromUnits = others.every((factor) => factor.of === 'units');
  if (!fromUnits || inner.length > 0 || outer.step !== 1 || outer.size !== axis.cells) return null;
  const block = others.reduce((product, { size }) => product * size, 1);
  return { ...throughTransposedWindow(axis, { kernel: block, stride: block, dilation: 1, padBegin: 0 }), cells: axis.cells * block };
}

/** Cells `step` apart along the map; those between them must all be among the channels. */
function gathered(axis: MapAxis, { size, step }: Factor, inner: readonly Factor[]): MapAxis | null {
  const block = inner.reduce((product, factor) => product * factor.size, 1);
  if (block !== step || size * step !== axis.cells) return null;
  if (step === 1) return axis;
  return { ...throughWindow(axis, { kernel: step, stride: step, dilation: 1, padBegin: 0 }), cells: size };
}
