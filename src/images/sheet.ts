import sharp, { type OverlayOptions } from 'sharp';
import { type Picture, pngOf } from './masked.ts';
import { textBlock } from './text.ts';

/** A page of pictures with text under each. */
export interface Sheet {
  title: string;
  subtitle: string;
  /** All of one size. */
  tiles: { picture: Picture; caption: string }[];
}

const MARGIN = 16;
const GAP = 8;
const COLUMNS = 6;

/** The page as PNG, on white: rows of six, as high as their longest captions. */
export async function renderSheet({ title, subtitle, tiles }: Sheet): Promise<Buffer> {
  const [tile] = tiles.map(({ picture }) => picture);
  const columns = Math.min(COLUMNS, tiles.length);
  const width = Math.max(2 * MARGIN + columns * tile.width + (columns - 1) * GAP, 480);
  const parts: OverlayOptions[] = [];
  let top = MARGIN;
  for (const block of [
    await textBlock(title, 'bold', 15, width - 2 * MARGIN),
    await textBlock(subtitle, 'regular', 9, width - 2 * MARGIN),
  ]) {
    parts.push({ input: block.input, left: MARGIN, top });
    top += block.height + GAP;
  }
  top += GAP;
  for (let first = 0; first < tiles.length; first += columns) {
    const row = tiles.slice(first, first + columns);
    const captions = await Promise.all(row.map(({ caption }) => textBlock(caption, 'regular', 9, tile.width)));
    for (const [column, { picture }] of row.entries()) {
      const left = MARGIN + column * (tile.width + GAP);
      parts.push({ input: await pngOf(picture), left, top }, { input: captions[column].input, left, top: top + tile.height + GAP });
    }
    top += tile.height + Math.max(...captions.map(({ height }) => height)) + 3 * GAP;
  }
  return sharp({ create: { width, height: top + MARGIN - 2 * GAP, channels: 3, background: 'white' } })
    .composite(parts)
    .removeAlpha()
    .png()
    .toBuffer();
}
