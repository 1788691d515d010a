import { DissectoryError } from '../../core/errors.ts';
import { format as broden } from './broden/format.ts';
import type { DatasetFormat } from './format.ts';
import type { Place } from './place.ts';

/** Every format that can be read, in the order in which a place is tried. To add one is a folder and a line here. */
export const formats: DatasetFormat[] = [broden];

/** Throws BAD_INPUT where there is no such format. */
export function formatNamed(name: string): DatasetFormat {
  const found = formats.find((format) => format.name === name);
  if (found) return found;
  throw new DissectoryError('BAD_INPUT', `There is no format "${name}": the formats are ${formats.map((one) => one.name).join(', ')}.`);
}

/** The format of what lies at a place. Throws BAD_DATASET where none is recognised. */
export async function recogniseFormat(place: Place): Promise<DatasetFormat> {
  for (const format of formats) if (await format.recognise(place)) return format;
  const names = await place.list('');
  const found =
    names.length === 0 ? 'it is empty or missing' : `it holds ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
  const known = formats.map(({ name, description }) => `${name} (${description})`).join('; ');
  throw new DissectoryError('BAD_DATASET', `${place.name} is no dataset of a known format: ${found}. Known formats: ${known}.`);
}
