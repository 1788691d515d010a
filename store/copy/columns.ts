/** What a column takes, by its PostgreSQL type. */
interface Values {
  int4: number;
  /** A number must be a safe integer. */
  int8: number | bigint;
  /** Finite. */
  float8: number;
  bool: boolean;
  /** An enum's labels too. */
  text: string;
  bytea: Uint8Array;
  'text[]': readonly string[];
}

export type ColumnType = keyof Values;

/** How a value of each type is written. */
export type Writers = { readonly [T in ColumnType]: (value: Values[T]) => void };

/** The columns that are written, by name. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** A row's values, by column. */
export type Row<C extends Columns> = { readonly [Name in keyof C]: Values[C[Name]] | null };
