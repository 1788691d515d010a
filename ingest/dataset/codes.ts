/** What a pixel of a label map means, in two bytes: concept index + 1, `NONE` or `VOID`. */

/** No concept: background. */
export const NONE = 0;
/** Neither labelled nor background. */
export const VOID = 65535;

/** A stored value that has no meaning, and the first pixel that bears it. */
export interface UnknownValue {
  value: number;
  row: number;
  column: number;
}

/** A label map as codes. */
export interface CodedMap {
  /** One a pixel. */
  layer: Uint16Array;
  /** Those that some pixel bears. */
  codes: ReadonlySet<number>;
}

/**
 * Turns stored values into codes by a table; what the table lacks becomes `NONE`, and each such value is told once.
 *
 * @param valuesOf a row's values
 */
export function translate(
  valuesOf: (y: number) => ArrayLike<number>,
  height: number,
  width: number,
  table: ReadonlyMap<number, number>,
): CodedMap & { unknown: UnknownValue[] } {
  const layer = new Uint16Array(height * width);
  const codes = new Set<number>();
  const unknown = new Map<number, UnknownValue>();
  for (let row = 0; row < height; row++) {
    const values = valuesOf(row);
    // Run by run: neighbouring pixels mostly have one value
    for (let start = 0, end = 0; start < width; start = end) {
      const value = values[start];
      while (end < width && values[end] === value) end++;
      const code = table.get(value);
      if (code !== undefined) {
        if (code !== NONE) layer.fill(code, row * width + start, row * width + end);
        codes.add(code);
      } else if (!unknown.has(value)) unknown.set(value, { value, row, column: start });
    }
  }
  return { layer, codes, unknown: [...unknown.values()] };
}

/**
 * The code by a class's name: some names say that pixels are no class at all.
 * @param concept index of the class as a concept, null where it is none
 */
export function codeOf(name: string, concept: () => number | null): number | null {
  const plain = name.trim().toLowerCase();
  if (/^_*(background|bg)_*$/.test(plain)) return NONE;
  if (/^_*(ignored?|void|unlabell?ed|unknown)_*$/.test(plain)) return VOID;
  const index = concept();
  return index === null ? null : index + 1;
}
