import type { MatArray } from './mat.ts';

/**
 * A matrix of a MAT file as it lies there, columns first.
 *
 * Throws a plain Error, to be read after the file's name, where it is none, or not of the size given.
 */
export function matrixOf(
  array: MatArray | undefined,
  name: string,
  { height, width }: { height: number; width: number },
): Uint8Array | Uint16Array {
  if (array?.kind !== 'numbers' || array.size.length !== 2) throw new Error(`has no matrix ${name}`);
  const [rows, columns] = array.size;
  if (rows !== height || columns !== width)
    throw new Error(
      `${name} is ${rows} x ${columns} (height x width) where its picture has ${height} x ${width} pixels; correct one of them`,
    );
  const { values } = array;
  return values instanceof Uint8Array || values instanceof Uint16Array ? values : Uint16Array.from(values);
}
