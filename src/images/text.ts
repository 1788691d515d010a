import { createRequire } from 'node:module';
import sharp, { type OverlayOptions } from 'sharp';
import type { Size } from '../../core/placement.ts';

const { resolve } = createRequire(import.meta.url);

/** The font comes with the packages: a server often has none. */
const FACES = {
  regular: { font: 'DejaVu Sans', fontfile: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf') },
  bold: { font: 'DejaVu Sans Bold', fontfile: resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf') },
} as const;

/** 96 a inch: a point is 4/3 pixels. */
const DPI = 96;

export interface TextBlock extends Size {
  /** To be laid over another picture. */
  input: NonNullable<OverlayOptions['input']>;
}

/** Black text on nothing, broken into lines no wider than `width` pixels. @param points size of the letters */
export async function textBlock(text: string, face: keyof typeof FACES, points: number, width: number): Promise<TextBlock> {
  const { font, fontfile } = FACES[face];
  const block = sharp({
    text: { text: escaped(text), font: `${font} ${points}`, fontfile, width, wrap: 'word-char', rgba: true, dpi: DPI },
  });
  const { data, info } = await block.png().toBuffer({ resolveWithObject: true });
  return { input: data, height: info.height, width: info.width };
}

/** Pango reads markup, and nothing but blanks would be no picture. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim() || '-';
