import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Report, whyUnreadable } from '../fault.ts';
import { whyNot } from '../read-lines.ts';

const isPoints = (points: unknown) =>
  Array.isArray(points) && points.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite));

const Shape = z.object({
  label: z.string(),
  points: z.custom<[number, number][]>(isPoints, 'must be points, [x, y] each'), // a schema of each would take longer than to draw them
  // labelme 3 wrote none
  shape_type: z
    .string()
    .nullish()
    .transform((type) => type ?? 'polygon'),
  mask: z.string().nullish(),
});

const LabelmeFile = z.object({
  flags: z.record(z.string(), z.boolean()).nullish(),
  shapes: z.array(Shape),
  imagePath: z.string(),
  imageHeight: z.number().nullish(),
  imageWidth: z.number().nullish(),
});

export type Shape = z.infer<typeof Shape>;
export type LabelmeFile = z.infer<typeof LabelmeFile>;

/** Reads NAME.json; null, with a report, where it is no file of labelme. */
export async function readLabelme(root: string, file: string, report: Report): Promise<LabelmeFile | null> {
  try {
    return LabelmeFile.parse(JSON.parse(await readFile(join(root, file), 'utf8')));
  } catch (error) {
    const why = error instanceof SyntaxError ? `it ends early, or is no JSON: ${error.message}` : whyNot(error);
    report({ file, line: null, message: (error as { code?: string }).code ? whyUnreadable(error) : `is no file of labelme: ${why}` });
    return null;
  }
}

/** The flags that are true: what the whole picture shows. */
export function scenesOf({ flags }: LabelmeFile): string[] {
  return Object.entries(flags ?? {})
    .filter(([, isTrue]) => isTrue)
    .map(([name]) => name);
}
