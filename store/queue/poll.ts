import type { ClientBase } from 'pg';
import type { Channel } from './channels.ts';

/** Transactions that began before may end later: ids so far back are looked for again. */
const OVERLAP = 1000;

/**
 * Looks for what has changed, for those who cannot be told.
 *
 * @returns gives what has changed since its last call; the first time nothing
 */
export function changesOf(client: ClientBase, channels: readonly Channel[]): () => Promise<[Channel, number][]> {
  let versions: Map<number, string> | null = null;
  let open: number[] = [];
  let stored: Set<number> | null = null;

  /** A row's xmin changes with each update. A job that has ended is looked at once more. */
  async function jobs(): Promise<number[]> {
    const { rows } = await client.query<{ id: number; version: string; open: boolean }>(
      `SELECT id, xmin::text AS version, state IN ('WAITING', 'RUNNING') AS open FROM jobs
       WHERE state IN ('WAITING', 'RUNNING') OR id = ANY($1) OR id > (SELECT coalesce(max(id), 0) - $2 FROM jobs)`,
      [open, OVERLAP],
    );
    const before = versions;
    open = rows.filter((row) => row.open).map(({ id }) => id);
    versions = new Map(rows.map(({ id, version }) => [id, version]));
    return before === null ? [] : rows.filter(({ id, version }) => before.get(id) !== version).map(({ id }) => id);
  }

  async function dissections(): Promise<number[]> {
    const { rows } = await client.query<{ id: number }>(
      'SELECT id FROM dissections WHERE id > (SELECT coalesce(max(id), 0) - $1 FROM dissections) ORDER BY id',
      [OVERLAP],
    );
    const before = stored;
    stored = new Set(rows.map(({ id }) => id));
    return before === null ? [] : rows.map(({ id }) => id).filter((id) => !before.has(id));
  }

  const looks: Readonly<Record<Channel, () => Promise<number[]>>> = { jobs, dissections };
  return async () => {
    const found: [Channel, number][] = [];
    for (const channel of channels) for (const id of await looks[channel]()) found.push([channel, id]);
    return found;
  };
}
