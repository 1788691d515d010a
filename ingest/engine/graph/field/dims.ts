/**
 * What the dimensions of a tensor run over, followed through reshapes and transpositions: that is how a tensor's layout
 * is proven.
 *
 * A dimension is a product of factors, outermost first: the 64 of [2, 64, 96] may be 8 rows of 8 columns, and split
 * into windows of 4 by 4 these are `y` twice (two windows of four rows each, steps 4 and 1) and `x` twice.
 */
/** Sizes of a tensor's dimensions. */
export type Shape = readonly number[];

export interface Factor {
  /**
   * `y`, `x`: rows and columns of a map. `units`: channels, and all else that is no place in the image. `blocks`:
   * channels in blocks, those of a block lying behind the columns although the shape does not say so
   * (com.microsoft.nchwc). `same`: the value is the same all along. `keys`: the places that queries are compared with:
   * neither units, nor where the value lies.
   */
  of: 'batch' | 'y' | 'x' | 'units' | 'blocks' | 'same' | 'keys';
  size: number;
  /** Cells of the whole axis from one to the next. */
  step: number;
}

export interface Dim {
  factors: readonly Factor[];
  /** Places in front of those that the factors count, and behind: class tokens, registers. */
  before: number;
  after: number;
}

export type Dims = readonly Dim[];
export type Spatial = 'y' | 'x';

export const dim = (...factors: Factor[]): Dim => ({ factors: merged(factors), before: 0, after: 0 });
export const unitsDim = (size: number): Dim => dim({ of: 'units', size, step: 1 });
export const sameDim = (size: number): Dim => dim({ of: 'same', size, step: 1 });
export const keysDim = (size: number): Dim => dim({ of: 'keys', size, step: 1 });
export const batchDim = (size: number): Dim => dim({ of: 'batch', size, step: 1 });
export const mapDim = (of: Spatial, size: number): Dim => dim({ of, size, step: 1 });

export function sizeOf({ factors, before, after }: Dim): number {
  return before + factors.reduce((product, { size }) => product * size, 1) + after;
}

export function holds({ factors }: Dim, of: Factor['of']): boolean {
  return factors.some((factor) => factor.of === of);
}

export function isSpatial(dimension: Dim): boolean {
  return holds(dimension, 'y') || holds(dimension, 'x');
}

/** Nothing in it but what the list names; one of size 1 holds nothing at all. */
export function isOnly({ factors, before, after }: Dim, ...of: Factor['of'][]): boolean {
  return before + after === 0 && factors.every((factor) => of.includes(factor.of));
}

/** The rows (or columns) of a map, all of them and nothing else. */
export function isWhole({ factors, before, after }: Dim, of: Spatial): boolean {
  return before + after === 0 && factors.length === 1 && factors[0].of === of && factors[0].step === 1;
}

/** Factors that continue each other become one; units of size 1 vanish. */
function merged(factors: readonly Factor[]): Factor[] {
  const result: Factor[] = [];
  for (const factor of factors) {
    if (factor.size === 1 && factor.of !== 'y' && factor.of !== 'x') continue;
    const last = result.at(-1);
    if (last?.of === factor.of && last.step === factor.step * factor.size)
      result[result.length - 1] = { ...factor, size: last.size * factor.size };
    else if (last?.of === factor.of && factor.of !== 'y' && factor.of !== 'x' && factor.of !== 'batch')
      result[result.length - 1] = { ...factor, size: last.size * factor.size, step: 1 };
    else result.push(factor);
  }
  return result;
}

/** The same values under another shape; null where its dimensions cut through what belongs together. */
export function reshaped(dims: Dims, shape: Shape): Dims | null {
  // Tokens among others cannot be split: they go on as one piece
  const pieces: (Factor | Dim)[] = dims.flatMap((one): (Factor | Dim)[] => (one.before + one.after > 0 ? [one] : [...one.factors]));
  const sizeOfPiece = (piece: Factor | Dim) => ('of' in piece ? piece.size : sizeOf(piece));
  const result: Dim[] = [];
  for (const [i, size] of shape.entries()) {
    const taken: Factor[] = [];
    let whole: Dim | null = null;
    let room = size;
    if (room === 1) {
      const [next] = pieces;
      if (next && 'of' in next && next.size === 1) taken.push(pieces.shift() as Factor);
    }
    while (room > 1) {
      const piece = pieces.shift();
      if (!piece) return null;
      const has = sizeOfPiece(piece);
      if (!('of' in piece)) {
        if (has !== room || taken.some((factor) => factor.size > 1)) return null;
        whole = piece;
        room = 1;
      } else if (has <= room) {
        if (room % has !== 0) return null;
        taken.push(piece);
        room /= has;
      } else {
        if (has % room !== 0) return null;
        const inner = has / room;
        taken.push({ ...piece, size: room, step: piece.step * inner });
        pieces.unshift({ ...piece, size: inner });
        room = 1;
      }
    }
    // Rows or columns of one cell go with what stands before them
    if (i === shape.length - 1)
      for (const piece of pieces.splice(0))
        if ('of' in piece && piece.size === 1) taken.push(piece);
        else return null;
    result.push(whole ?? { factors: merged(taken), before: 0, after: 0 });
  }
  return pieces.length === 0 ? result : null;
}

/** Whether two dimensions run over the same places in the same order. Units are alike whatever they count. */
export function runsAlike(a: Dim, b: Dim): boolean {
  if (a.before !== b.before || a.after !== b.after || a.factors.length !== b.factors.length) return false;
  return a.factors.every((factor, i) => {
    const other = b.factors[i];
    return factor.of === other.of && factor.size === other.size && (factor.step === other.step || factor.of === 'units');
  });
}
