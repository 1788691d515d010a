import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { refuse } from '../ingest/dataset/fault.ts';
import { formatNamed } from '../ingest/dataset/formats.ts';
import { eachRun, polygonFlips } from '../ingest/dataset/shapes/coco-polygon.ts';
import { turnColumns } from '../ingest/dataset/shapes/turn-columns.ts';
import { type Benchmark, ratio } from './figure.ts';
import { interleaved } from './measure.ts';
import { BENCH_FOLDER } from './stage.ts';

const [IMAGES, HEIGHT, WIDTH, SHAPES, CLASSES, CORNERS] = [24, 480, 640, 8, 20, 30];
const RUNS = 5;

/** A polygon of one class; later ones lie above. */
interface Shape {
  code: number;
  points: number[];
}

/** Wavy blobs, as many and as large as COCO's objects are, over ground that covers the picture. */
function shapesOf(image: number): Shape[] {
  const random = (i: number) => (Math.imul(image * 977 + i * 131 + 7, 2654435761) >>> 8) / 2 ** 24;
  return Array.from({ length: SHAPES }, (_, i) => {
    const [x, y] = [random(i * 5) * WIDTH, random(i * 5 + 1) * HEIGHT];
    const size = 20 + random(i * 5 + 2) * 100;
    const points = Array.from({ length: CORNERS }, (_, corner) => {
      const turn = (corner / CORNERS) * 2 * Math.PI;
      const radius = size * (0.7 + 0.3 * Math.sin(turn * 5 + i));
      return [Number((x + radius * Math.cos(turn)).toFixed(2)), Number((y + radius * Math.sin(turn)).toFixed(2))];
    });
    return { code: 1 + Math.floor(random(i * 5 + 3) * CLASSES), points: points.flat() };
  });
}

function painted(shapes: readonly Shape[]): Uint16Array {
  const codes = new Uint16Array(HEIGHT * WIDTH).fill(1);
  for (const { code, points } of shapes)
    eachRun(polygonFlips(points, HEIGHT, WIDTH), HEIGHT * WIDTH, (from, to) => codes.fill(code, from, to));
  return turnColumns(codes, HEIGHT, WIDTH);
}

const nameOf = (image: number) => `p${image}`;
const className = (code: number) => `class ${code}`;
const codes = Array.from({ length: CLASSES }, (_, i) => i + 1);

/** Run lengths of a mask down its columns. */
function runLengths(inside: (p: number) => boolean): number[] {
  const counts = [0];
  let last = false;
  for (let x = 0; x < WIDTH; x++) {
    for (let y = 0; y < HEIGHT; y++) {
      const now = inside(y * WIDTH + x);
      if (now !== last) counts.push(0);
      counts[counts.length - 1]++;
      last = now;
    }
  }
  return counts;
}

const png = (pixels: Uint8Array, channels: 1 | 3, file: string) => {
  mkdirSync(path.dirname(file), { recursive: true });
  return sharp(pixels, { raw: { height: HEIGHT, width: WIDTH, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toFile(file);
};

const rgb = (labels: Uint16Array, colour: (code: number) => readonly number[]) =>
  Uint8Array.from([...labels].flatMap((code) => colour(code)));

/**
 * Writes the same pixels in several formats; only shapes of COCO and labelme keep what lies beneath, or border by
 * another rule.
 */
async function writeAll(root: string): Promise<void> {
  const folder = (...parts: string[]) => path.join(root, ...parts);
  const images: unknown[] = [];
  const [polygons, lengths, segments]: unknown[][] = [[], [], []];
  const cvat: string[] = [];
  const brodenRows = ['image,split,ih,iw,sh,sw,object'];
  for (let image = 0; image < IMAGES; image++) {
    const shapes = shapesOf(image);
    const labels = painted(shapes);
    const name = nameOf(image);
    for (const place of ['broden/images', 'masks/images', 'panoptic/val', 'polygons/val', 'lengths/val', 'cvat/images', 'labelme'])
      await png(new Uint8Array(HEIGHT * WIDTH), 1, folder(place, `${name}.png`));
    await png(
      rgb(labels, (code) => [code, 0, 0]),
      3,
      folder('broden/images', `${name}_object.png`),
    );
    brodenRows.push(`${name}.png,train,${HEIGHT},${WIDTH},${HEIGHT},${WIDTH},${name}_object.png`);
    await png(Uint8Array.from(labels), 1, folder('masks/masks', `${name}.png`));
    await png(
      rgb(labels, (code) => [code, code * 3, 1]),
      3,
      folder('panoptic/annotations/panoptic_val', `${name}.png`),
    );
    images.push({ id: image, file_name: `${name}.png`, height: HEIGHT, width: WIDTH });
    const shown = codes.filter((code) => labels.includes(code));
    const segmentsInfo = shown.map((code) => ({ id: code + code * 3 * 256 + 65536, category_id: code }));
    segments.push({ image_id: image, file_name: `${name}.png`, segments_info: segmentsInfo });
    const ground = [0, 0, WIDTH, 0, WIDTH, HEIGHT, 0, HEIGHT];
    for (const { code, points } of [{ code: 1, points: ground }, ...shapes])
      polygons.push({ id: polygons.length, image_id: image, category_id: code, segmentation: [points] });
    for (const code of shown) {
      const segmentation = { size: [HEIGHT, WIDTH], counts: runLengths((p) => labels[p] === code) };
      lengths.push({ id: lengths.length, image_id: image, category_id: code, iscrowd: 1, segmentation });
    }
    const pairs = (points: readonly number[]) => points.flatMap((x, i) => (i % 2 === 0 ? [[x, points[i + 1]]] : []));
    const all = [{ code: 1, points: ground }, ...shapes];
    const tags = all.map(
      ({ code, points }) => `<polygon label="${className(code)}" points="${pairs(points).join(';')}" z_order="0"></polygon>`,
    );
    cvat.push(`<image id="${image}" name="${name}.png" width="${WIDTH}" height="${HEIGHT}">${tags.join('\n')}</image>`);
    const drawn = all.map(({ code, points }) => ({ label: className(code), points: pairs(points), shape_type: 'polygon' }));
    const labelme = { shapes: drawn, imagePath: `${name}.png`, imageHeight: HEIGHT, imageWidth: WIDTH };
    writeFileSync(folder('labelme', `${name}.json`), JSON.stringify(labelme));
  }
  const categories = codes.map((id) => ({ id, name: className(id) }));
  for (const [place, kind, annotations] of [
    ['panoptic', 'panoptic', segments],
    ['polygons', 'instances', polygons],
    ['lengths', 'instances', lengths],
  ] as const) {
    mkdirSync(folder(place, 'annotations'), { recursive: true });
    writeFileSync(folder(place, 'annotations', `${kind}_val.json`), JSON.stringify({ images, categories, annotations }));
  }
  writeFileSync(folder('masks/classes.csv'), ['value,name', ...codes.map((code) => `${code},${className(code)}`)].join('\n'));
  const names = codes.map((code) => `<label><name>${className(code)}</name></label>`).join('');
  const xml = `<annotations><meta><task><labels>${names}</labels></task></meta>${cvat.join('\n')}</annotations>`;
  writeFileSync(folder('cvat/annotations.xml'), xml);
  const table = codes.map((code) => `${code},${code},${className(code)},1,1`);
  writeFileSync(folder('broden/index.csv'), brodenRows.join('\n'));
  writeFileSync(folder('broden/category.csv'), 'name,first,last,count,frequency\nobject,1,1,1,1\n');
  writeFileSync(folder('broden/c_object.csv'), ['code,number,name,frequency,coverage', ...table].join('\n'));
  const labelTable = codes.map((code) => `${code},${className(code)},object(1),1,1,`);
  writeFileSync(folder('broden/label.csv'), ['number,name,category,frequency,coverage,syns', ...labelTable].join('\n'));
}

const FOLDERS = [
  ['broden', 'broden'],
  ['masks', 'masks'],
  ['coco-panoptic', 'panoptic'],
  ['coco-instances', 'polygons'],
  ['coco-instances', 'lengths'],
  ['cvat', 'cvat'],
  ['labelme', 'labelme'],
] as const;

/** Reading the labels of pictures in other formats, against Broden's maps of the same pixels: processor time. */
export const labelsOverBroden: Benchmark = {
  name: 'labels-over-broden',
  async measure() {
    const root = path.join(BENCH_FOLDER, 'formats');
    rmSync(root, { recursive: true, force: true });
    await writeAll(root);
    const contestants = await Promise.all(
      FOLDERS.map(async ([format, folder]) => {
        const place = path.join(root, folder);
        const dataset = await formatNamed(format).open(place, refuse(place));
        const run = async () => {
          for (const row of dataset.rows) await dataset.readLabels(row);
        };
        return { name: folder, run };
      }),
    );
    const timings = await interleaved(contestants, RUNS);
    const pixels = (IMAGES * HEIGHT * WIDTH) / 1e6;
    const processor = (name: string) => timings.get(name)?.processor ?? 0;
    const base = processor('broden');
    return FOLDERS.slice(1).map(([format, folder]) =>
      ratio(
        `labels-${format}-${folder}-over-broden`,
        processor(folder) / base,
        `reading Broden's PNG maps of the same pixels (${(base / pixels).toFixed(1)} ms of processor time a million)`,
        RUNS,
      ),
    );
  },
};
