import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type Report, whyUnreadable } from './fault.ts';

/** Headers read at once. */
const AT_ONCE = 32;

/**
 * Sizes of pictures as shown (EXIF may turn them), in the order given. Reports a picture that is missing or unreadable,
 * and leaves it out.
 *
 * @param pictures paths below the dataset's folder, with what names each
 */
export async function* readSizes<Picture extends { file: string; entry?: string }>(
  root: string,
  pictures: readonly Picture[],
  report: Report,
): AsyncGenerator<{ picture: Picture; size: { height: number; width: number } }> {
  for (let from = 0; from < pictures.length; from += AT_ONCE) {
    const group = pictures.slice(from, from + AT_ONCE);
    const sizes = await Promise.all(group.map(({ file }) => shownSize(join(root, file)).catch((error: Error) => error)));
    for (const [i, size] of sizes.entries()) {
      const picture = group[i];
      if (!(size instanceof Error)) yield { picture, size };
      else report({ file: picture.file, line: null, entry: picture.entry, message: whyNoPicture(join(root, picture.file), size) });
    }
  }
}

async function shownSize(path: string): Promise<{ height: number; width: number }> {
  const { autoOrient } = await sharp(path).metadata();
  return { height: autoOrient.height, width: autoOrient.width };
}

function whyNoPicture(path: string, error: Error): string {
  if (!existsSync(path)) return whyUnreadable(Object.assign(error, { code: 'ENOENT' }));
  return `is no readable picture (${error.message.split('\n')[0]}); restore the file, or remove it`;
}
