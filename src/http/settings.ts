import { DissectoryError } from '../../core/errors.ts';

/** What the operator decides about who may do what. */
export interface AccessSettings {
  /** Origins whose pages may read answers, such as https://lab.example; `*` for any. */
  origins: readonly string[];
  /** Whether reading needs a key too, where the server is reached from elsewhere. */
  readNeedsKey: boolean;
  /**
   * Requests a minute for each key, or address without one; 0: as many as come. Those on this machine are not counted.
   */
  requestsPerMinute: number;
}

export const DEFAULT_ACCESS: AccessSettings = { origins: [], readNeedsKey: false, requestsPerMinute: 1200 };

/** DISSECTORY_ORIGINS, DISSECTORY_READ and DISSECTORY_RATE_LIMIT. Throws BAD_INPUT where one cannot be understood. */
export function accessSettings(env: NodeJS.ProcessEnv): AccessSettings {
  const { DISSECTORY_ORIGINS: origins = '', DISSECTORY_READ: read = 'open', DISSECTORY_RATE_LIMIT: limit = '' } = env;
  if (read !== 'open' && read !== 'key') throw new DissectoryError('BAD_INPUT', `DISSECTORY_READ must be open or key, not "${read}".`);
  const requestsPerMinute = limit === '' ? DEFAULT_ACCESS.requestsPerMinute : Number(limit);
  if (!Number.isInteger(requestsPerMinute) || requestsPerMinute < 0)
    throw new DissectoryError('BAD_INPUT', `DISSECTORY_RATE_LIMIT must be a number of requests a minute, or 0, not "${limit}".`);
  return {
    origins: origins
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(originOf),
    readNeedsKey: read === 'key',
    requestsPerMinute,
  };
}

function originOf(text: string): string {
  if (text === '*') return text;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !text.includes('?') && !text.includes('#')) return url.origin;
  throw new DissectoryError('BAD_INPUT', `DISSECTORY_ORIGINS must list origins such as https://lab.example, not "${text}".`);
}
