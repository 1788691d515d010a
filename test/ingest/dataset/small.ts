import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';

/** A label map as Broden stores it: red = label % 256, green = label / 256; `labels` by rows. */
export function labelPng(labels: readonly (readonly number[])[]): Promise<Buffer> {
  const pixels = labels.flat().flatMap((label) => [label % 256, label >> 8, 0]);
  return rgb(labels.length, labels[0].length, pixels).png().toBuffer();
}

export function rgb(height: number, width: number, pixels: readonly number[]) {
  return sharp(Uint8Array.from(pixels), { raw: { height, width, channels: 3 } });
}

/**
 * A folder with a small sound dataset of three images of different sizes, written anew for one test; `changes` replaces
 * files, or leaves them out (null).
 *
 * - `a.png` (4 x 6, masks 2 x 3): two object maps (wall, with a boat on it in the second), a part map, two scenes
 * - `sub/b.png` (2 x 2, masks 2 x 2): an object map with a wheel; the wheel is an object here and a part in `a.png`
 * - `c.png` (1 x 3, masks 1 x 1): a scene, nothing else
 */
export async function smallBroden(changes: Readonly<Record<string, string | Uint8Array | null>> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'broden-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [file, content] of Object.entries({ ...TABLES, ...(await images()), ...changes })) {
    if (content === null) continue;
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  }
  return root;
}

export const INDEX_HEADER = 'image,split,ih,iw,sh,sw,scene,object,part';

export const TABLES = {
  'category.csv': 'name,first,last,count,frequency\nobject,2,300,3,4\npart,2,4,2,2\nscene,5,6,2,3\n',
  'label.csv': [
    'number,name,category,frequency,coverage,syns',
    '2,wheel,object(1);part(1),2,0.916667,rim;tyre',
    '3,wall,object(2),2,1.25,',
    '4,hub,part(1),1,0.166667,',
    '5,street-s,scene(2),2,2.000000,road-s',
    '6,harbour-s,scene(1),1,1.000000,',
    '300,boat,object(1),1,0.333333,"ship;vessel, small"',
    '',
  ].join('\n'),
  // The file's order is not the codes' order.
  'c_object.csv': 'code,number,name,frequency,coverage\n2,300,boat,1,0.3333\n1,3,wall,2,1.25\n3,2,wheel,1,0.75\n',
  'c_part.csv': 'code,number,name,frequency,coverage\n1,2,wheel,1,0.1666\n2,4,hub,1,0.1666\n',
  'c_scene.csv': 'code,number,name,frequency,coverage\n1,5,street-s,2,2.0\n2,6,harbour-s,1,1.0\n',
  'index.csv': [
    INDEX_HEADER,
    'a.png,train,4,6,2,3,5;6,a_object_1.png;a_object_2.png,a_part.png',
    'sub/b.png,val,2,2,2,2,,sub/b_object.png,',
    'c.png,test,1,3,1,1,5,,',
    '',
  ].join('\n'),
};

async function images(): Promise<Record<string, Uint8Array>> {
  const grey = (height: number, width: number) =>
    rgb(
      height,
      width,
      Array.from({ length: height * width * 3 }, (_, i) => i),
    )
      .png()
      .toBuffer();
  return {
    'images/a.png': await grey(4, 6),
    'images/sub/b.png': await grey(2, 2),
    'images/c.png': await grey(1, 3),
    'images/a_object_1.png': await labelPng([
      [3, 3, 3],
      [3, 3, 3],
    ]),
    'images/a_object_2.png': await labelPng([
      [0, 300, 0],
      [0, 300, 0],
    ]),
    'images/a_part.png': await labelPng([
      [0, 2, 0],
      [0, 0, 4],
    ]),
    'images/sub/b_object.png': await labelPng([
      [2, 2],
      [2, 3],
    ]),
  };
}
