import type { MatArray } from '../encodings/mat.ts';

export interface PartMask {
  category: 'OBJECT' | 'PART';
  name: string;
  /** VOC's number of the class; null for a part. */
  number: number | null;
  mask: MatArray;
}

/**
 * The objects of a file of Pascal-Part and their parts.
 *
 * Throws a plain Error, to be read after the file's name, where `anno` is not as it must be.
 */
export function objectsOf(variables: ReadonlyMap<string, MatArray>): PartMask[] {
  const anno = variables.get('anno');
  const objects = anno?.kind === 'structs' ? anno.structs[0]?.objects : undefined;
  if (objects === undefined) throw new Error('has no anno.objects');
  return structs(objects).flatMap((object, i) => {
    const where = `object ${i + 1}`;
    const number = object.class_ind?.kind === 'numbers' ? object.class_ind.values[0] : null;
    const own: PartMask = { category: 'OBJECT', name: textOf(object.class, `${where}: class`), number, mask: object.mask };
    const parts = structs(object.parts).map(
      (part, j): PartMask => ({
        category: 'PART',
        name: textOf(part.part_name, `${where}, part ${j + 1}: part_name`),
        number: null,
        mask: part.mask,
      }),
    );
    return [own, ...parts];
  });
}

/** An array of structs; none where it is an empty array of another kind, as MATLAB writes `[]`. */
const structs = (array: MatArray | undefined) => (array?.kind === 'structs' ? array.structs : []);

function textOf(array: MatArray | undefined, where: string): string {
  if (array?.kind === 'text' && array.text !== '') return array.text;
  throw new Error(`${where} is no text`);
}
