import { DissectoryError } from '../../core/errors.ts';

/** Three times what the largest page of a dashboard holds: 500 units with ten scores and nine images each. A second's work. */
const MAX_ROWS = 30_000;

/** Counts the rows of one request: what nested lists multiply to is only known while they are read. */
export interface RowBudget {
  /** For LIMIT: one more than may still be read, so that a statement which fills it is over the budget. */
  limit(): number;
  /** Hands the rows on, counted. Throws BAD_INPUT when the request has read too many. */
  count<Row>(rows: Row[]): Row[];
}

/** A request's budget of rows. */
export function createRowBudget(): RowBudget {
  let left = MAX_ROWS;
  return {
    limit: () => left + 1,
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
