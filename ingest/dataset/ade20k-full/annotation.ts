import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Report, whyUnreadable } from '../fault.ts';
import { whyNot } from '../read-lines.ts';

const Annotation = z.object({
  annotation: z.object({
    scene: z.union([z.string(), z.array(z.string())]).optional(),
    object: z
      .union([z.array(z.looseObject({})), z.looseObject({})])
      .transform((one) => (Array.isArray(one) ? one : [one]))
      .pipe(z.array(z.object({ name: z.string(), name_ndx: z.number().int() }))),
  }),
});

export interface AdeAnnotation {
  /** null where the file says none. */
  scene: string | null;
  objects: readonly { name: string; number: number }[];
}

/**
 * Reads NAME.json: what its objects and parts are called, and its scene. null, with a report, where it cannot be used.
 */
export async function readAnnotation(root: string, file: string, entry: string, report: Report): Promise<AdeAnnotation | null> {
  try {
    const { annotation } = Annotation.parse(JSON.parse(decode(await readFile(join(root, file)))));
    const scene = typeof annotation.scene === 'string' ? annotation.scene : annotation.scene?.at(-1);
    const objects = annotation.object.map(({ name, name_ndx: number }) => ({ name: name.trim(), number }));
    return { scene: scene || null, objects };
  } catch (error) {
    const message = (error as { code?: string }).code ? whyUnreadable(error) : `is no annotation of ADE20K: ${whyNot(error)}`;
    report({ file, line: null, entry, message });
    return null;
  }
}

/** UTF-8, or Latin-1 where it is not: both occur. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
