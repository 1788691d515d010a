import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { DissectoryError } from '../../core/errors.ts';
import { decodeText, TextFault } from '../../core/text.ts';
import { cardSchema, interpretCard, type ModelCard, NO_CARD } from './card.ts';
import { engineOf } from './engines.ts';
import { modelFile } from './model-file.ts';

/**
 * Reads the model card of a model file, or of a folder with a model.json: `card` where one is named, else NAME.json
 * beside the model (NAME.card.json where the model itself is a .json file), else the model's entry in a models.json
 * beside the model or one folder up. Such a list's entries are told by their `file`, relative to the list, or by their
 * `sha256`. Where there is no card, `NO_CARD`.
 *
 * Throws BAD_MODEL where a folder holds no model.json, BAD_CARD on broken JSON or a field of the wrong type, naming the
 * field, and where a named card is missing or is not this model's.
 */
export async function readCard(model: string, card?: string): Promise<ModelCard> {
  if (card !== undefined) {
    const named = await readJson(card);
    if (named === null) throw new DissectoryError('BAD_CARD', `There is no model card ${card}. Check the path.`);
    const found = Array.isArray(named) ? await entryOf(card, named, model) : validate(card, named, []);
    if (!found) throw new DissectoryError('BAD_CARD', `The list of models ${card} has no entry whose file or sha256 is that of ${model}.`);
    return found;
  }
  const file = await modelFile(model);
  const own = join(dirname(file), engineOf(file).card(basename(file, extname(file))));
  const beside = await readJson(own);
  if (beside !== null) return validate(own, beside, []);
  for (const list of [join(dirname(model), 'models.json'), join(dirname(model), '..', 'models.json')]) {
    const entries = await readJson(list);
    const found = Array.isArray(entries) ? await entryOf(list, entries, model) : null;
    if (found) return found;
  }
  return NO_CARD;
}

/** null where there is no such file. */
async function readJson(file: string): Promise<unknown> {
  const bytes = await readFile(file).catch((cause) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    throw new DissectoryError('BAD_CARD', `Cannot read the model card ${file}: ${cause.code ?? cause.message}.`, { cause });
  });
  if (bytes === null) return null;
  try {
    return JSON.parse(decodeText(bytes));
  } catch (cause) {
    if (cause instanceof TextFault)
      throw new DissectoryError('BAD_CARD', `The model card ${file}, line ${cause.line}, ${cause.message}.`, { cause });
    const message = `The model card ${file} is not valid JSON (${cause instanceof Error ? cause.message : cause}). Correct it.`;
    throw new DissectoryError('BAD_CARD', message, { cause });
  }
}

function validate(file: string, fields: unknown, place: readonly PropertyKey[]): ModelCard {
  const withNul = placeOfNul(fields);
  if (withNul !== null) {
    const field = [...place, ...withNul].join('.') || 'the whole of it';
    throw new DissectoryError(
      'BAD_CARD',
      `The model card ${file} is wrong at ${field}: it holds a NUL character, which no text may. Remove it.`,
    );
  }
  const result = cardSchema.safeParse(fields);
  if (result.success) return interpretCard(result.data);
  const [{ path, message }] = result.error.issues;
  const field = [...place, ...path].join('.') || 'the whole of it';
  throw new DissectoryError('BAD_CARD', `The model card ${file} is wrong at ${field}: ${message}. Correct it.`);
}

/** Where JSON's content holds a NUL, in a name or a value; null where nowhere. */
function placeOfNul(content: unknown): readonly PropertyKey[] | null {
  if (typeof content === 'string') return content.includes('\0') ? [] : null;
  if (content === null || typeof content !== 'object') return null;
  for (const [key, value] of Object.entries(content)) {
    if (key.includes('\0')) return [key.replaceAll('\0', '')];
    const inner = placeOfNul(value);
    if (inner !== null) return [key, ...inner];
  }
  return null;
}

const listed = z.looseObject({ id: z.unknown(), file: z.unknown(), sha256: z.unknown(), snapshot_of: z.unknown() }).partial();

async function entryOf(list: string, values: readonly unknown[], model: string): Promise<ModelCard | null> {
  const entries = values.map((value) => listed.safeParse(value).data);
  const byFile = entries.findIndex((entry) => typeof entry?.file === 'string' && resolve(dirname(list), entry.file) === resolve(model));
  const index = byFile === -1 ? await indexBySha256(entries, model) : byFile;
  if (index === -1) return null;
  const card = validate(list, values[index], [index]);
  const id = entries[index]?.id;
  // The last checkpoint of a run is not a snapshot of anything: it is known by those that are its snapshots.
  const hasSnapshots = typeof id === 'string' && entries.some((entry) => entry?.snapshot_of === id);
  return hasSnapshots ? { ...card, facts: { series: id, ...card.facts } } : card;
}

async function indexBySha256(entries: readonly ({ sha256?: unknown } | undefined)[], model: string): Promise<number> {
  if (!entries.some((entry) => entry?.sha256)) return -1;
  const sha256 = await hashFile(model);
  return sha256 === null ? -1 : entries.findIndex((entry) => entry?.sha256 === sha256);
}

/** null where the file cannot be read: whoever opens the model says so. */
async function hashFile(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk);
  } catch {
    return null;
  }
  return hash.digest('hex');
}
