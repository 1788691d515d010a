/** Keys that people and programs show to the server. The secret is given out once; the store holds its hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Scope } from '../core/access.ts';
import { DissectoryError } from '../core/errors.ts';
import type { ApiKey } from '../prisma/generated/client.ts';
import type { Store } from './store.ts';

/** A key as its holder sends it. */
const TOKEN = /^dissectory_([1-9]\d{0,8})_([A-Za-z0-9_-]{43})$/;

/**
 * Makes a key and gives what its holder sends, which cannot be read from the store again.
 *
 * @throws BAD_INPUT where the name is empty or long, CONFLICT where there is, or was, a key of that name
 */
export async function createKey({ prisma }: Pick<Store, 'prisma'>, name: string, scope: Scope): Promise<{ key: ApiKey; token: string }> {
  if (!/^[^\p{Cc}]{1,100}$/u.test(name)) throw new DissectoryError('BAD_INPUT', 'The name of a key has 1 to 100 characters on one line.');
  const known = await prisma.apiKey.findUnique({ where: { name } });
  if (known) throw new DissectoryError('CONFLICT', `There ${known.revokedAt ? 'was' : 'is'} a key "${name}" already: choose another name.`);
  const secret = randomBytes(32).toString('base64url');
  const key = await prisma.apiKey.create({ data: { name, scope, hash: hashOf(secret).toString('hex') } });
  return { key, token: `dissectory_${key.id}_${secret}` };
}

/** Ends a key at once. Throws NOT_FOUND. */
export async function revokeKey({ prisma }: Pick<Store, 'prisma'>, name: string): Promise<ApiKey> {
  const known = await prisma.apiKey.findUnique({ where: { name } });
  if (!known) throw new DissectoryError('NOT_FOUND', `There is no key "${name}": \`dissectory key list\` shows those that exist.`);
  return known.revokedAt ? known : prisma.apiKey.update({ where: { name }, data: { revokedAt: new Date() } });
}

export const listKeys = ({ prisma }: Pick<Store, 'prisma'>): Promise<ApiKey[]> => prisma.apiKey.findMany({ orderBy: { id: 'asc' } });

/** Every use of a key would write its row: often enough is once a minute. */
const NOTED_EVERY_MS = 60_000;

/**
 * The key that somebody sent; null where it is none, or was revoked. Takes as long for a secret that is nearly right as
 * for any other.
 */
export async function findKey({ prisma }: Pick<Store, 'prisma'>, token: string): Promise<ApiKey | null> {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  if (id === undefined) return null;
  const key = await prisma.apiKey.findUnique({ where: { id: Number(id) } });
  const stored = key ? Buffer.from(key.hash, 'hex') : Buffer.alloc(32);
  if (!timingSafeEqual(stored, hashOf(secret)) || !key || key.revokedAt) return null;
  if (Date.now() - (key.lastUsedAt?.getTime() ?? 0) > NOTED_EVERY_MS) {
    await prisma.apiKey.update({ where: { id: key.id }, data: { lastUsedAt: new Date() } });
  }
  return key;
}

/** Of a secret with 32 random bytes: nobody can guess one, so a slow hash would protect nothing. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
