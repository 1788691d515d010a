/**
 * npx tsx tools/make-picture.ts [SERVER]: writes docs/units.png, the picture of README.md, from a running server
 * (http://localhost:4000) that serves the bundled example: the labels that a layer detects best, each with its best
 * unit and the images on which that fires most.
 */
import path from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';

const SERVER = process.argv[2] ?? 'http://localhost:4000';
const PICTURE = path.join(import.meta.dirname, '../docs/units.png');

const LABELS = 5;
const IMAGES = 7;
const SIDE = 112;
const GAP = 6;
const TEXT_WIDTH = 176;
const ROW = SIDE + GAP;

interface Unit {
  index: number;
  iou: number;
  category: string;
  label: { name: string };
  topImages: { overlayUrl: string }[];
}

const units = await bestUnits();
const rows = await Promise.all(units.map(row));
const width = GAP + TEXT_WIDTH + IMAGES * ROW;
const height = GAP + units.length * ROW;
await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
  .composite(rows.flat())
  .png({ palette: true, colours: 256, effort: 10 })
  .toFile(PICTURE);
console.log(`Wrote ${path.relative(process.cwd(), PICTURE)}: units ${units.map(({ index }) => index).join(', ')}.`);

async function bestUnits(): Promise<Unit[]> {
  const query = `{ model(slug: "scenes-alexnet-fc") { layer(name: "conv5") { dissection(dataset: "broden-mini") {
    units(orderBy: IOU_DESC, first: 50) { nodes { index iou category label { name } topImages(first: ${IMAGES}) { overlayUrl } } }
  } } } }`;
  const response = await fetch(`${SERVER}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as {
    data: { model: { layer: { dissection: { units: { nodes: Unit[] } } } } };
  };
  const { nodes } = data.model.layer.dissection.units;
  const isFirstOfItsLabel = ({ label }: Unit, place: number) => nodes.findIndex((other) => other.label.name === label.name) === place;
  return nodes.filter(isFirstOfItsLabel).slice(0, LABELS);
}

async function row(unit: Unit, place: number): Promise<OverlayOptions[]> {
  const top = GAP + place * ROW;
  const images = await Promise.all(
    unit.topImages.map(async ({ overlayUrl }, i) => {
      const png = Buffer.from(await (await fetch(SERVER + overlayUrl)).arrayBuffer());
      return { input: await sharp(png).resize(SIDE, SIDE).toBuffer(), left: GAP + TEXT_WIDTH + i * ROW, top };
    }),
  );
  return [{ input: caption(unit), left: GAP, top }, ...images];
}

function caption({ index, iou, category, label }: Unit): Buffer {
  const line = (y: number, size: number, colour: string, text: string, weight = 'normal') =>
    `<text x="8" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${text.replace(/[<&]/g, '')}</text>`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${TEXT_WIDTH}" height="${SIDE}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
    ${line(40, 20, '#1a1a1a', label.name.replace(/-[a-z]$/, ''), 'bold')}
    ${line(64, 14, '#555555', `${category.toLowerCase()}, IoU ${iou.toFixed(3)}`)}
    ${line(86, 14, '#555555', `conv5, unit ${index}`)}
  </svg>`);
}
