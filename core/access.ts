/** What a caller may do, from least to most; each includes those before it. As the store's KeyScope. */
const SCOPES = ['READ', 'INGEST', 'ADMIN'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether a scope includes another. */
export const includes = (scope: Scope, needed: Scope): boolean => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);

/** How many requests a caller has left. */
export interface RateLimit {
  limit: number;
  remaining: number;
  resetAt: Date;
}

/** Who asks, and what they may do. */
export interface Access {
  scope: Scope;
  /** Name; null without a key. */
  key: string | null;
  address: string;
  /** null where nothing is counted. */
  rateLimit: RateLimit | null;
  /** Whether nobody waits for the answer any more. */
  isGone(): boolean;
}
