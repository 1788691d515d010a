import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type XmlTag, xmlReader } from '../encodings/xml.ts';
import { eachRun, polygonFlips } from '../shapes/coco-polygon.ts';
import { eachLength, requireRunLengths } from '../shapes/run-lengths.ts';
import { paintRun, type Stack } from '../stack-layers.ts';
import { ANNOTATIONS, type CvatImage } from './read-index.ts';

export interface CvatShape {
  /** polygon, box, mask, tag, ... */
  type: string;
  label: string;
  attributes: Readonly<Record<string, string>>;
  /** What it is called in messages: "mask 2 of image s01.jpg". */
  entry: string;
}

/** Reads an image's shapes and tags, in the order of the file. */
export function readShapes(root: string, { name: image, start, length }: CvatImage): CvatShape[] {
  const bytes = Buffer.alloc(length);
  const handle = openSync(join(root, ANNOTATIONS), 'r');
  try {
    readSync(handle, bytes, 0, length, start);
  } finally {
    closeSync(handle);
  }
  const shapes: CvatShape[] = [];
  const counts = new Map<string, number>();
  let depth = 0;
  const onOpen = ({ name: type, attributes }: XmlTag) => {
    if (++depth !== 2) return;
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    shapes.push({
      type,
      label: attributes.label ?? '',
      attributes,
      entry: `${type} ${count} of image ${image}, label ${attributes.label}`,
    });
  };
  const reader = xmlReader({ onOpen, onClose: () => void depth-- });
  reader.write(bytes);
  reader.end();
  return shapes;
}

/** Shapes in the order in which they are painted: by `z_order`, low first, else as they stand. */
export function inPaintingOrder(shapes: readonly CvatShape[]): CvatShape[] {
  return [...shapes].sort((a, b) => Number(a.attributes.z_order ?? 0) - Number(b.attributes.z_order ?? 0));
}

/** Types without an inside. */
const LINES = ['polyline', 'points', 'skeleton'];

/**
 * Paints a shape as CVAT's own export of masks does, over what is there; lines and points give no pixels.
 *
 * Throws a plain Error, to be read after the place, where the shape cannot be drawn.
 *
 */
export function paintShape(stack: Stack, { type, attributes }: CvatShape, code: number): void {
  const { height, width } = stack;
  if (LINES.includes(type)) return;
  if (type === 'polygon') fillPolygon(pointsOf(attributes.points ?? ''));
  else if (type === 'box') fillPolygon(cornersOf(attributes));
  else if (type === 'mask') paintMask(stack, attributes, code);
  else throw new Error('is a shape that cannot be read; draw a polygon, box or mask in its place');

  function fillPolygon(points: readonly number[]): void {
    eachRun(polygonFlips(points, height, width), height * width, (from, to) => paintRun(stack, code, from, to));
  }
}

function pointsOf(text: string): number[] {
  const points = text.split(';').map((pair) => pair.split(','));
  if (points.some((pair) => pair.length !== 2)) throw new Error(`has the points "${shorten(text)}"; write x,y;x,y;...`);
  if (points.length < 3) throw new Error(`is a polygon of ${points.length} points; it needs three or more`);
  return points.flat().map((coordinate) => numberOf(coordinate, 'points'));
}

/** A box's four corners, turned about its centre by `rotation` degrees, clockwise as seen. */
function cornersOf(attributes: Readonly<Record<string, string>>): number[] {
  const [left, top, right, bottom] = ['xtl', 'ytl', 'xbr', 'ybr'].map((name) => numberOf(attributes[name], name));
  const corners = [left, top, right, top, right, bottom, left, bottom];
  const degrees = attributes.rotation === undefined ? 0 : numberOf(attributes.rotation, 'rotation');
  if (degrees === 0) return corners;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return corners.map((_, i) => {
    const [dx, dy] = [corners[i - (i % 2)] - x, corners[i - (i % 2) + 1] - y];
    return i % 2 === 0 ? x + dx * cos - dy * sin : y + dx * sin + dy * cos;
  });
}

/** Run lengths along the rows of the mask's own box, outside first. */
function paintMask(stack: Stack, attributes: Readonly<Record<string, string>>, code: number): void {
  const { height, width } = stack;
  const [left, top, columns, rows] = ['left', 'top', 'width', 'height'].map((name) => Math.trunc(numberOf(attributes[name], name)));
  const counts = (attributes.rle ?? '').split(',').map((count) => numberOf(count, 'rle'));
  requireRunLengths(counts, rows, columns);
  eachLength(counts, (from, to) => {
    for (let p = from; p < to; p++) {
      const [y, x] = [top + Math.floor(p / columns), left + (p % columns)];
      if (y >= 0 && y < height && x >= 0 && x < width) paintRun(stack, code, x * height + y, x * height + y + 1);
    }
  });
}

function numberOf(text: string | undefined, name: string): number {
  const value = Number(text);
  if (text !== undefined && text.trim() !== '' && Number.isFinite(value)) return value;
  throw new Error(`has the ${name} "${shorten(text ?? '')}", which is no number`);
}

const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}...` : text);
