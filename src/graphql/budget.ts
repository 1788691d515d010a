import { DissectoryError } from '../../core/errors.ts';

/**
 * Three times what the largest page of a dashboard holds: 500 units with ten scores and nine images each. A second's
 * work.
 */
const MAX_ROWS = 30_000;

/** Items of lists in one answer: more than rows, as many of them may show the same row. */
export const MAX_NODES = 60_000;
/** How long a request may take. */
export const DEADLINE_MS = 10_000;

/** Counts the rows of one request: what nested lists multiply to is only known while they are read. */
export interface RowBudget {
  /** For LIMIT: one more than may still be read, so that a statement which fills it is over the budget. */
  limit(): number;
  /** Hands the rows on, counted. Throws BAD_INPUT when the request has read too many. */
  count<Row>(rows: Row[]): Row[];
  /**
   * Counts items of a list. Throws BAD_INPUT where the answer holds too many, TOO_SLOW where the request has taken too
   * long or nobody waits for it any more.
   */
  nodes(count: number): void;
  /** Rows that were read, and items of lists that were given. */
  spent(): { rows: number; nodes: number };
}

/**
 * What is over the budget of a request stays so: every further list meets the same error.
 * @param isGone whether nobody waits for the answer any more
 */
export function createRowBudget(isGone: () => boolean = () => false): RowBudget {
  let left = MAX_ROWS;
  let nodes = 0;
  let over: DissectoryError | null = null;
  const deadline = Date.now() + DEADLINE_MS;
  return {
    limit: () => left + 1,
    nodes(count) {
      nodes += count;
      if (nodes > MAX_NODES)
        over ??= new DissectoryError(
          'BAD_INPUT',
          `The answer would hold more than ${MAX_NODES} items. Ask for fewer at a time, with a smaller first.`,
        );
      else if (Date.now() > deadline || isGone()) over ??= new DissectoryError('TOO_SLOW', TOO_SLOW);
      if (over) throw over;
    },
    spent: () => ({ rows: MAX_ROWS - left, nodes }),
    count(rows) {
      left -= rows.length;
      if (left >= 0) return rows;
      left = 0;
      throw new DissectoryError(
        'BAD_INPUT',
        `The answer would hold more than ${MAX_ROWS} rows. Ask for fewer at a time, with a smaller first.`,
      );
    },
  };
}

const TOO_SLOW = `The answer took longer than ${DEADLINE_MS / 1000} s. Ask for less at a time.`;
