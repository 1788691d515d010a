/** Scenes with known pixels in every format, and broken variants of them, as `dataset add` reads them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DissectoryError } from '../../core/errors.ts';
import { formatNamed, formats, recogniseFormat } from '../../ingest/dataset/formats.ts';
import { openDense } from '../../ingest/dataset/open.ts';
import { localPlace } from '../../ingest/dataset/place.ts';
import { surveyDataset } from '../../ingest/dataset/survey.ts';
import { ignoredIn, masksOf } from '../ingest/dataset/masks-of.ts';
import { sharedPath } from '../shared.ts';

const root = sharedPath('formats');

interface TruthMask {
  category: string;
  concept: string;
  at: number;
}
type Truth = Record<string, { height: number; width: number; masks: TruthMask[] }>;

/** @param file below `root`, without its ending */
function readTruth(file: string) {
  const truth: Truth = JSON.parse(readFileSync(path.join(root as string, `${file}.json`), 'utf8'));
  const bits = gunzipSync(readFileSync(path.join(root as string, `${file}.bits.gz`)));
  const unpack = (at: number, pixels: number) => Uint8Array.from({ length: pixels }, (_, p) => (bits[at + (p >> 3)] >> (7 - (p & 7))) & 1);
  return { truth, unpack };
}

/** Reads a folder as it is added, and compares every pixel of every concept. */
async function compare(folder: string, formatName: string | null, truthFile: string) {
  const place = path.join(root as string, folder);
  const first = await openDense(place, formatName === null ? undefined : formatNamed(formatName));
  const concepts = formatNamed(first.format).concepts === 'shown' ? await surveyDataset(first, () => {}) : undefined;
  const dataset = await openDense(place, formatNamed(first.format), concepts);
  const { truth, unpack } = readTruth(truthFile);
  const counts = { format: dataset.format, scenes: 0, compared: 0, wrong: 0, either: 0, ignoredWrong: 0 };
  expect(dataset.rows.map(({ file }) => file).sort()).toEqual(Object.keys(truth).sort());
  const shown = new Set<string>();
  for (const row of dataset.rows) {
    const { height, width, masks } = truth[row.file];
    const labels = await dataset.readLabels(row);
    expect([labels.height, labels.width, row.height, row.width]).toEqual([height, width, height, width]);
    const empty = new Uint8Array(height * width);
    const right = (category: string) =>
      masks.filter((mask) => mask.category === category).map(({ at }) => unpack(at, height * width))[0] ?? empty;
    const either = right('_either');
    const theirs = new Map(
      masks
        .filter(({ category }) => !category.startsWith('_'))
        .map(({ category, concept, at }) => [`${category.toUpperCase()} ${concept}`, unpack(at, height * width)]),
    );
    const ours = masksOf(dataset, labels);
    for (const concept of new Set([...ours.keys(), ...theirs.keys()])) {
      const [own, other] = [ours.get(concept) ?? empty, theirs.get(concept) ?? empty];
      shown.add(concept);
      counts.compared += own.length;
      for (let p = 0; p < own.length; p++) {
        if (own[p] === other[p]) continue;
        if (either[p] === 1) counts.either++;
        else counts.wrong++;
      }
    }
    const [own, other] = [ignoredIn(labels), right('_ignore')];
    for (let p = 0; p < own.length; p++) if (own[p] !== other[p] && either[p] === 0) counts.ignoredWrong++;
    counts.scenes++;
  }
  const named = dataset.concepts.map(({ category, name }) => `${category} ${name}`);
  expect(named.filter((name) => !shown.has(name))).toEqual([]); // no concept that no picture shows
  return counts;
}

describe.skipIf(root === null)('scenes', () => {
  test.each(formats.map(({ name }) => name))('%s: every pixel of every concept', async (name) => {
    const isOlder = name === 'mapillary-v1.2';
    const counts = await compare(isOlder ? 'mapillary-v2' : name, isOlder ? name : null, `truth/${isOlder ? 'mapillary-v2--v1.2' : name}`);
    console.log(JSON.stringify(counts));
    expect(counts).toMatchObject({ format: name, wrong: 0, ignoredWrong: 0 });
    expect(counts.compared).toBeGreaterThan(70_000);
  });
});

interface Variant {
  format: string;
  folder: string;
  expect: 'refused' | 'pixels' | 'refused or pixels';
  file: string | null;
  entry: string | null;
  truth?: string;
}

const variants: Variant[] = root === null ? [] : JSON.parse(readFileSync(path.join(root, 'bad/expect.json'), 'utf8'));

/** What names an entry in any wording: its number or name. */
const keyOf = (entry: string) => /(\d[\d, ]*|\S+)$/.exec(entry)?.[1].replaceAll(' ', '') ?? entry;

describe.skipIf(root === null)('broken variants', () => {
  test.each(variants)('$folder: $expect', async (variant) => {
    const folder = path.join('bad', variant.folder);
    // Broden's tables say what it has, so that its labels are read when it is dissected
    const add = async () => {
      if (variant.truth) return compare(folder, null, `bad/${variant.truth.replace(/\.json$/, '')}`);
      const dataset = await openDense(path.join(root as string, folder));
      return surveyDataset(dataset, () => {});
    };
    const answer = await add().catch((error: unknown) => error);
    console.log(
      variant.folder,
      answer instanceof Error ? answer.message.replace(path.join(root as string, folder), '.') : JSON.stringify(answer),
    );
    if (variant.expect === 'pixels' || (variant.expect === 'refused or pixels' && !(answer instanceof Error))) {
      expect(answer).toMatchObject({ wrong: 0, ignoredWrong: 0 });
      return;
    }
    expect(answer).toBeInstanceOf(DissectoryError);
    if (!(answer instanceof DissectoryError)) return;
    expect(answer.code).toBe('BAD_DATASET');
    const { file, entry } = variant;
    const names = [file, entry].filter((name) => name !== null);
    const told = answer.message.replaceAll(', ', ',');
    const isNamed = (name: string) => told.includes(name) || told.includes(keyOf(name));
    expect(names.length === 0 || names.some((name) => told.includes(name)), `${answer.message} names ${names.join(' or ')}`).toBe(true);
    if (entry !== null) expect(isNamed(entry), `${answer.message} names ${entry}`).toBe(true);
  });

  test('the format is recognised all the same, but for colours of VOC without their table', async () => {
    for (const { format, folder } of variants) {
      const found = await recogniseFormat(localPlace(path.join(root as string, 'bad', folder)));
      expect(found.name, folder).toBe(folder === 'voc-labelmap/labelmap-missing' ? 'voc' : format);
    }
  });
});
